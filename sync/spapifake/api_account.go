package spapifake

import "net/http"

// getAccount tells the kind of account, and a contact person whom nobody may
// keep.
func (c *call) getAccount() (int, any) {
	_, body := c.participations()
	address := map[string]string{"addressLine1": "1 Demo Street", "city": "Seattle", "postalCode": "98101", "countryCode": "US"}
	return http.StatusOK, map[string]any{"payload": map[string]any{
		"businessType": "PRIVATE_LIMITED", "sellingPlan": "PROFESSIONAL", "marketplaceParticipationList": body.(participationsAnswer).Payload,
		"business":       map[string]any{"name": "Harrow & Finch Ltd", "registeredBusinessAddress": address},
		"primaryContact": map[string]any{"name": "Perpetua Contactperson", "address": address},
	}}
}
