package cli

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"countinghouse/data/cipher"
	"countinghouse/data/store"
	"countinghouse/ui/session"
)

// What Amazon keeps failing to make is named, of whatever report, and only that.
func TestStatusNamesWhatIsMissing(t *testing.T) {
	b, err := store.Create(t.Context(), t.TempDir(), store.Keys{Book: cipher.NewKey(), Personal: cipher.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	err = b.Write(t.Context(), func(tx *store.Tx) error {
		err := tx.PutConnection(store.Connection{ID: "na", Region: "NA", Kind: store.KindAPI}, nil)
		for name, mark := range map[string]string{
			"order-reports": `{"began":"2026-11-01T00:00:00Z","windows":[{"from":"2026-09-01T00:00:00Z","to":"2026-10-01T00:00:00Z","fails":2},
				{"from":"2026-10-01T00:00:00Z","to":"2026-11-01T00:00:00Z","done":true}]}`,
			"ledger": `{"until":"2026-11-01T00:00:00Z","open":[{"from":"2026-02-01T00:00:00Z","to":"2026-05-01T00:00:00Z","fails":1},
				{"from":"2026-05-01T00:00:00Z","to":"2026-11-01T00:00:00Z","report":"7"}]}`,
			"restock": `{"until":"0001-01-01T00:00:00Z","open":[{"marketplace":"ATVPDKIKX0DER","fails":3},{"marketplace":"A2EUQ1WTGCTBG2","fails":3}]}`,
		} {
			err = errors.Join(err, tx.SetBookmark("na", name, json.RawMessage(mark), time.Time{}))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := (&app{ctx: t.Context()}).status(&session.Session{Book: b})
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(out.Connections[0].Missing)
	const want = `[{"source":"orders","from":"2026-09-01T00:00:00Z","to":"2026-10-01T00:00:00Z"},` +
		`{"source":"ledger","from":"2026-02-01T00:00:00Z","to":"2026-05-01T00:00:00Z"},{"source":"restock"}]`
	if err != nil || string(asJSON) != want {
		t.Errorf("%s, want %s; %v", asJSON, want, err)
	}
	var text strings.Builder
	if err := coverageSheet(out.Connections).write(&text, formatCSV); err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		`"orders: missing, Amazon could not make the report",2026-09-01,2026-10-01 00:00`,
		`"ledger: missing, Amazon could not make the report",2026-02-01,2026-05-01 00:00`,
		`"restock: missing, Amazon could not make the report",-,-`,
	} {
		if !strings.Contains(text.String(), row) {
			t.Errorf("%q is not in\n%s", row, text.String())
		}
	}
}
