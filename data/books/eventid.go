package books

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// eventID tells events of one scope apart.
type eventID struct {
	source                                  Source
	conn, posting, item, sku, extra, settle string
	at                                      int64
}

// key names the event for good: facts of the same names give the same key.
func (id eventID) key() string {
	h := sha256.Sum256([]byte(strings.Join([]string{
		string(id.source), id.conn, id.posting, id.item, id.sku, id.extra, id.settle, strconv.FormatInt(id.at, 10),
	}, "\x00")))
	return hex.EncodeToString(h[:12])
}

func idOf(e *entry) eventID {
	f := e.f
	id := eventID{source: f.Source, conn: f.Connection, posting: e.posting, item: f.Item}
	if id.item == "" {
		id.sku = f.SKU
	}
	if loose(e.class.Line) {
		id.extra = string(e.class.Line) // a posting can reach into several scopes
		return id
	}
	if f.Source == Settlement && f.Order != "" {
		// Each row is a posting of its own; what was posted at once is one event.
		id.posting, id.sku, id.settle, id.at = "", f.SKU, f.Settlement, f.Posted.UnixNano()
		id.extra = f.Type + "\x00" + f.Order + "\x00" + f.Account
	}
	return id
}
