package reports_test

import (
	"errors"
	"testing"
	"time"

	"countinghouse/sync/reports"
)

func TestDates(t *testing.T) {
	for _, tc := range []struct {
		text, beside, want string // want is RFC 3339, "" for refused
		err                error
	}{
		{"Mar 1, 2025 12:59:25 AM PST", "", "2025-03-01T08:59:25Z", nil},
		{"Mar 31, 2025 12:59:25 PM PDT", "", "2025-03-31T19:59:25Z", nil},
		{"Mar 2, 2025 7:38:49 a.m. PST", "", "2025-03-02T15:38:49Z", nil},
		{"Mar 2, 2025 7:38:49\u202fp.m. PST", "", "2025-03-03T03:38:49Z", nil},
		{"28 Feb 2025 8:47:58 PM UTC", "", "2025-02-28T20:47:58Z", nil},
		{"7 Mar 2025 02:20:43 UTC", "", "2025-03-07T02:20:43Z", nil},
		{"7 Jul 2025 02:20:43 BST", "", "2025-07-07T01:20:43Z", nil},
		{"28.02.2025 23:09:05 UTC", "", "2025-02-28T23:09:05Z", nil},
		{"28.02.2025 23:09:05 MEZ", "", "2025-02-28T22:09:05Z", nil},
		{"1. März 2025 23:09:05 CET", "", "2025-03-01T22:09:05Z", nil},
		{"1 mars 2025 17:06:21 UTC", "", "2025-03-01T17:06:21Z", nil},
		{"1 févr. 2025 17:06:21 UTC", "", "2025-02-01T17:06:21Z", nil},
		{"1 août 2025 17:06:21 UTC", "", "2025-08-01T17:06:21Z", nil},
		{"1 mar 2025 20:18:57 UTC", "", "2025-03-01T20:18:57Z", nil},
		{"31 ago 2025 20:18:57 UTC", "", "2025-08-31T20:18:57Z", nil},
		{"31 jul 2026 11:03:59 p.m. GMT-7", "", "2026-08-01T06:03:59Z", nil},
		{"2 ago 2026 12:15:00 a.\u00a0m. GMT-7", "", "2026-08-02T07:15:00Z", nil},
		{"1 giu 2025 00:02:09 UTC", "", "2025-06-01T00:02:09Z", nil},
		{"1 mrt 2025 00:02:09 UTC", "", "2025-03-01T00:02:09Z", nil},
		{"1 maj 2025 00:02:09 CEST", "", "2025-04-30T22:02:09Z", nil},
		{"1 paź 2025 00:02:09 UTC", "", "2025-10-01T00:02:09Z", nil},
		{"2025/03/02 6:04:30 JST", "", "2025-03-01T21:04:30Z", nil},
		{"2017-03-02T18:16:34+00:00", "", "2017-03-02T18:16:34Z", nil},
		{"2023-02-25T21:58:41+09:00", "", "2023-02-25T12:58:41Z", nil},
		{"2023-02-25T21:58:41.250Z", "", "2023-02-25T21:58:41Z", nil},
		{"2017-02-24 23:57:39 UTC", "", "2017-02-24T23:57:39Z", nil},
		{"2017-02-24 23:57:39 PST", "", "2017-02-25T07:57:39Z", nil},
		{"2017-02-25", "", "2017-02-25T12:00:00Z", nil},
		{"25.02.2017", "", "2017-02-25T12:00:00Z", nil},
		{"29.02.2024 01:02:03 UTC", "", "2024-02-29T01:02:03Z", nil},
		{"25/02/2025 01:02:03 UTC", "", "2025-02-25T01:02:03Z", nil},
		{"02/25/2025 01:02:03 UTC", "", "2025-02-25T01:02:03Z", nil},
		{"03/04/2025 01:02:03 UTC", "25/02/2025 01:02:03 UTC", "2025-04-03T01:02:03Z", nil},
		{"03/04/2025 01:02:03 UTC", "02/25/2025 01:02:03 UTC", "2025-03-04T01:02:03Z", nil},
		{"03/03/2025 01:02:03 UTC", "", "2025-03-03T01:02:03Z", nil},
		{"1 Mar 2025 10:00:00 AEDT", "", "2025-02-28T23:00:00Z", nil},
		{"1 Mar 2025 10:00 UTC+5:30", "", "2025-03-01T04:30:00Z", nil},

		{"03/04/2025 01:02:03 UTC", "", "", reports.ErrAmbiguous},
		{"13/25/2025 01:02:03 UTC", "", "", reports.ErrDate},
		{"25/02/2025 01:02:03 UTC", "02/25/2025 01:02:03 UTC", "", reports.ErrDate},
		{"29.02.2025 01:02:03 UTC", "", "", reports.ErrDate},
		{"31 Apr 2025 01:02:03 UTC", "", "", reports.ErrDate},
		{"Mar 1, 2025 13:59:25 PM PST", "", "", reports.ErrDate},
		{"Mar 1, 2025 0:59:25 AM PST", "", "", reports.ErrDate},
		{"Mar 1, 2025 12:59:60 AM PST", "", "", reports.ErrDate},
		{"Mar 1, 2025 12:59:25 AM XYZT", "", "", reports.ErrDate},
		{"Mar 1, 2025 12:59:25 AM IST", "", "", reports.ErrDate},
		{"Mar 1, 2025 12:59:25 AM", "", "", reports.ErrDate},
		{"2025-03-01 12:59:25", "", "", reports.ErrDate},
		{"Brumaire 1, 2025 12:59:25 AM PST", "", "", reports.ErrDate},
		{"Mar 2025 12:59:25 AM PST", "", "", reports.ErrDate},
		{"1 Mar 25 12:59:25 UTC", "", "", reports.ErrDate},
		{"1 Mar 1066 12:59:25 UTC", "", "", reports.ErrDate},
		{"12:59:25 UTC", "", "", reports.ErrDate},
		{"45000", "", "", reports.ErrDate},
		{"", "", "", reports.ErrDate},
	} {
		t.Run(tc.text+" "+tc.beside, func(t *testing.T) {
			file := [][7]string{{tc.text, "Order", "1", "A", "1.00", "0", "1.00"}}
			if tc.beside != "" {
				file = append(file, [7]string{tc.beside, "Order", "2", "A", "1.00", "0", "1.00"})
			}
			files, err := open(t, "d.csv", dateRangeFile("All amounts in USD", file...), reports.Hint{})
			if !errors.Is(err, tc.err) {
				t.Fatalf("error %v, want %v", err, tc.err)
			}
			if tc.err != nil {
				return
			}
			for row, err := range files[0].DateRange() {
				if got := row.Posted.Format(time.RFC3339); err != nil || got != tc.want {
					t.Errorf("%s, %v; want %s", got, err, tc.want)
				}
				break
			}
		})
	}
}

// Times without a zone are read in the zone the caller knows, summer time
// included.
func TestZoneHint(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	data := dateRangeFile("All amounts in EUR", [7]string{"01.07.2025 12:00:00", "Order", "1", "A", "1,00", "0", "1,00"})
	files, err := open(t, "z.csv", data, reports.Hint{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	if got := files[0].From.Format(time.RFC3339); got != "2025-07-01T10:00:00Z" {
		t.Errorf("from %s", got)
	}
}
