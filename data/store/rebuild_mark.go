package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"countinghouse/resources"
)

// settingRebuild keeps how far a rebuild came; it is there only while one is
// under way or was stopped.
const settingRebuild = "rebuild.mark"

// rebuildMark is the last scope that a rebuild derived, and by which program and
// rules: others begin anew.
type rebuildMark struct {
	By         string `json:"by"`
	Connection string `json:"connection"`
	Scope      string `json:"scope"`
}

func (m rebuildMark) scope() scopeKey { return scopeKey{m.Connection, m.Scope} }

func (m rebuildMark) at(k scopeKey) rebuildMark { return rebuildMark{m.By, k.connection, k.scope} }

// after tells whether a scope comes after another in the order of allScopes.
func (k scopeKey) after(o scopeKey) bool {
	if c := strings.Compare(k.connection, o.connection); c != 0 {
		return c > 0
	}
	return k.scope > o.scope
}

// rebuildMark reads how far the rebuild before this one came; from the beginning
// when it ended, or was another program's.
func (t *Tx) rebuildMark() (rebuildMark, error) {
	by, err := t.rebuiltBy()
	if err != nil {
		return rebuildMark{}, err
	}
	var text string
	err = t.row(`SELECT value FROM setting WHERE key = ?`, []any{settingRebuild}, &text)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return rebuildMark{}, err
	}
	var m rebuildMark
	if err != nil || json.Unmarshal([]byte(text), &m) != nil || m.By != by {
		m = rebuildMark{By: by}
	}
	return m, nil
}

func (t *Tx) setRebuildMark(m rebuildMark) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return t.SetSetting(settingRebuild, string(text))
}

// rebuiltBy names all that the events depend on besides the facts: the program,
// its rules, and the user's.
func (t *Tx) rebuiltBy() (string, error) {
	h := sha256.New()
	if info, ok := debug.ReadBuildInfo(); ok {
		io.WriteString(h, info.Main.Version)
		for _, s := range info.Settings {
			if strings.HasPrefix(s.Key, "vcs.") {
				io.WriteString(h, s.Key+"="+s.Value)
			}
		}
	}
	io.WriteString(h, resources.Classification+resources.ClassificationTypes)
	err := t.rows(selectRules, nil, func(r *sql.Rows) error {
		var list []NameRule
		err := scanRule(r, &list)
		fmt.Fprintf(h, "%v", list)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}
