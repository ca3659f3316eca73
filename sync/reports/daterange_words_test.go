package reports_test

import (
	"testing"

	"countinghouse/sync/reports"
)

// Amazon's words for what a row is, in the language of the marketplace. A word
// that is not known would make a sale without units, or profit of a debt paid.
func TestTypesInEveryLanguage(t *testing.T) {
	for _, tc := range []struct{ word, want string }{
		{"Bestellung", "Order"}, {"Commande", "Order"}, {"Pedido", "Order"}, {"Ordine", "Order"}, {"Bestelling", "Order"},
		{"Beställning", "Order"}, {"Zamówienie", "Order"}, {"Sipariş", "Order"}, {"注文", "Order"},
		{"Erstattung", "Refund"}, {"Remboursement", "Refund"}, {"Reembolso", "Refund"}, {"Rimborso", "Refund"},
		{"Terugbetaling", "Refund"}, {"Återbetalning", "Refund"}, {"Zwrot kosztów", "Refund"}, {"返金", "Refund"},
		{"Erstattung durch Rückbuchung", "Chargeback Refund"}, {"Erstattung_Wiedereinzug", "Refund_Retrocharge"},
		{"Réclamation dans le cadre de la Garantie A à z", "A-to-z Guarantee Claim"},
		{"Verbindlichkeit", "Debt"}, {"Solde négatif", "Debt"}, {"Saldo descubierto", "Debt"}, {"Saldo negativo", "Debt"},
		{"Deuda", "Debt"}, {"Schuld", "Debt"}, {"Skuld", "Debt"}, {"マイナス残高", "Debt"},
		{"Liquidationen", "Liquidations"}, {"Frais de retour client FBA", "FBA Customer Return Fee"},
		{"Blitzangebotsgebühr", "Lightning Deal Fee"}, {"Tarif de la Vente Flash", "Lightning Deal Fee"},
		{"Tarifa de Oferta flash", "Lightning Deal Fee"}, {"Tariffa dell’Offerta Lampo", "Lightning Deal Fee"},
		{"数量限定タイムセール手数料", "Lightning Deal Fee"}, {"Amazon手数料", "Amazon Fees"},
		{"Serviceavgift", "Service Fee"}, {"Opłata za usługę", "Service Fee"}, {"Tarifa de inventario FBA", "FBA Inventory Fee"},
		{"Something new", "Something new"},
	} {
		t.Run(tc.word, func(t *testing.T) {
			files, err := open(t, "t.csv", dateRangeFile("All amounts in EUR", [7]string{usDate, tc.word, "1", "A", "1.00", "0", "1.00"}), reports.Hint{})
			if err != nil {
				t.Fatal(err)
			}
			if rows := collect(t, files[0]); rows[0].Type != tc.want {
				t.Errorf("read as %q, want %q", rows[0].Type, tc.want)
			}
		})
	}
}
