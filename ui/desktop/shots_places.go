package desktop

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"countinghouse/ui/session"
)

// shotPlace is a place of the window under the name its picture gets.
type shotPlace struct {
	name string
	route
}

// shotPlaces are the places that are drawn in a state: every screen, and with
// data the drawers and pages that a press opens.
func shotPlaces(ctx context.Context, s *session.Session, state string) ([]shotPlace, error) {
	var out []shotPlace
	if state == "disk" { // it is told below every screen
		return []shotPlace{{"overview", route{Screen: "overview"}}, {"timeline", route{Screen: "timeline"}}}, nil
	}
	for _, e := range screens {
		out = append(out, shotPlace{e.id, route{Screen: e.id}})
	}
	out = append(out, shotPlace{"lines", route{Screen: "lines", Line: "*"}},
		shotPlace{"goods", route{Screen: "inventory", View: inventoryReportsView}})
	if state != "data" {
		return out, nil
	}
	out = append(out, shotPlace{"connect", route{Screen: "connect"}})
	for _, view := range profitViews[1:] {
		out = append(out, shotPlace{"profit-" + view, route{Screen: "profit", View: view}})
	}
	for _, topic := range goodsTopics[1:] {
		out = append(out, shotPlace{"goods-" + string(topic.id), route{Screen: "inventory", View: string(topic.id)}})
	}
	var order, sku string
	err := s.Book.Reader().QueryRowContext(ctx, `SELECT e.order_id, e.sku FROM event e JOIN stock_snapshot s ON s.sku = e.sku AND s.connection_id = e.connection_id
		WHERE e.type = 'sale' ORDER BY e.event_day DESC, e.id LIMIT 1`).Scan(&order, &sku)
	if errors.Is(err, sql.ErrNoRows) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find an order to draw: %w", err)
	}
	return append(out, shotPlace{"order", route{Screen: "orders", Order: order}}, shotPlace{"product", route{Screen: "inventory", SKU: sku}}), nil
}
