package appsync_test

import (
	"testing"

	"countinghouse/data/store"
	"countinghouse/sync/spapifake"
)

// Everything that the demo seller's goods did is in the book, to the unit and
// to the cent, and none of it is counted as money a second time.
func TestGoodsAgreeWithTheTruth(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 7, Orders: 600, Days: 250})
		b := newBook(t, s)
		syncAll(t, b, s)
		for _, region := range spapifake.Connections() {
			c := map[string]string{"NA": "na", "EU": "eu", "FE": "fe"}[region]
			truth := s.Goods(region)
			for _, tc := range []struct {
				what string
				q    string
				want int64
			}{
				{"moves", `SELECT count(*) FROM stock_move WHERE connection_id = ?`, truth.Moves},
				{"units moved", `SELECT sum(quantity) FROM stock_move WHERE connection_id = ?`, truth.MovedUnits},
				{"units in the last balance", `SELECT sum(end_units) FROM stock_balance WHERE connection_id = ? AND period_day = '2026-11-01'`, truth.MovedUnits},
				{"balances that do not add up", `SELECT count(*) FROM stock_balance WHERE connection_id = ? AND start_units + received + shipped + returned
				+ removed + transferred + found + lost + damaged + disposed + other + unknown <> end_units`, 0},
				{"units returned", `SELECT sum(quantity) FROM customer_return WHERE connection_id = ? AND channel = 'AMAZON'`, truth.Returned},
				{"units that can be sold again", `SELECT sum(quantity) FROM customer_return WHERE connection_id = ? AND sellable = 1`, truth.Sellable},
				{"returns of unknown state", `SELECT count(*) FROM customer_return WHERE connection_id = ? AND channel = 'AMAZON' AND sellable IS NULL`, 0},
				{"reimbursements", `SELECT count(*) FROM reimbursement WHERE connection_id = ?`, int64(truth.Reimbursed)},
				{"reimbursed", `SELECT coalesce(sum(total_minor), 0) FROM reimbursement WHERE connection_id = ?`, truth.ReimbursedMinor},
				{"removals", `SELECT count(*) FROM removal WHERE connection_id = ?`, int64(truth.Removals)},
				{"removal fees", `SELECT sum(fee_minor) FROM removal WHERE connection_id = ?`, truth.RemovalMinor},
				{"rows without their line", `SELECT count(*) FROM stock_move WHERE connection_id = ? AND (document_id IS NULL OR doc_line < 2)`, 0},
				{"counts", `SELECT count(*) FROM stock_count WHERE connection_id = ? AND count_day >= '2026-10-31'`,
					number(t, b, `SELECT count(*) FROM stock_snapshot WHERE connection_id = ?`, c)},
				{"fee previews", `SELECT count(*) FROM fee_preview WHERE connection_id = ? AND total_nano = referral_nano + closing_nano + fulfilment_nano`,
					number(t, b, `SELECT count(*) FROM stock_snapshot WHERE connection_id = ?`, c)},
				{"facts of reports", `SELECT count(*) FROM fact f JOIN document d ON d.id = f.document_id JOIN fact_name n ON n.id = f.name_id
				WHERE connection_id = ? AND d.kind = 'report' AND n.source <> 'settlement'`, 0},
			} {
				if got := number(t, b, tc.q, c); got != tc.want {
					t.Errorf("%s: %s: %d, want %d", c, tc.what, got, tc.want)
				}
			}
			// What storage cost, by product, is what Amazon charged: the report goes
			// back half a year, the charges further.
			minor := number(t, b, `SELECT CASE ?1 WHEN 'fe' THEN 1 ELSE 100 END * sum(fee_nano) / 1000000000 FROM storage_fee WHERE connection_id = ?1 AND kind = 'monthly'`, c)
			charged := number(t, b, `SELECT -sum(amount_minor) FROM fact f JOIN fact_name n ON n.id = f.name_id WHERE connection_id = ? AND n.source = 'finances'
			AND n.path LIKE '%FBAStorageFee/Base' AND posted_at >= (SELECT (strftime('%s', min(period) || '-01', '+1 month') - 86400) * 1000 FROM storage_fee
			WHERE kind = 'monthly' AND connection_id = f.connection_id)`, c)
			if minor != charged || minor == 0 {
				t.Errorf("%s: storage of the reports %d, charged %d", c, minor, charged)
			}
		}
		// The one unit that the inventory report has more than the API.
		var differ []any
		err := b.ReportRows(t.Context(), store.TopicDifferences, store.ReportFilter{Connection: "eu"}, func(row []any) error {
			differ = append(differ, row[5], row[6].(int64)-row[7].(int64))
			return nil
		})
		if err != nil || len(differ) != 2 || differ[0] != "fulfillable" || differ[1] != int64(1) {
			t.Errorf("differences %v, %v", differ, err)
		}
	})
}

// A second run asks for what may have changed, and changes nothing.
func TestGoodsAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := seller(t, spapifake.Config{Seed: 8, Orders: 150, Days: 60})
		b := newBook(t, s)
		syncAll(t, b, s)
		before := fingerprints(t, b)
		syncAll(t, b, s)
		after := fingerprints(t, b)
		for _, table := range []string{"stock_move", "stock_balance", "customer_return", "reimbursement", "removal", "storage_fee", "fee_preview", "listing_row"} {
			if before[table] == "" || before[table] != after[table] {
				t.Errorf("table %s changed", table)
			}
		}
	})
}
