package spapi

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Kept is a decoded entry beside the JSON it came in.
type Kept[T any] struct {
	Value T
	Raw   json.RawMessage
}

// UnmarshalJSON decodes the entry and keeps its text.
func (k *Kept[T]) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &k.Value); err != nil {
		return err
	}
	k.Raw = bytes.Clone(b)
	return nil
}

// entries is the decoder of a list whose entries and next token stand under
// these keys, in the object that inside leads to. Where Amazon's model does not
// demand the entries, an answer without them is an empty page.
func entries(items, token string, inside ...string) func([]byte) (listAnswer, error) {
	return func(body []byte) (listAnswer, error) {
		for _, key := range inside {
			var at map[string]json.RawMessage
			if err := json.Unmarshal(body, &at); err != nil {
				return listAnswer{}, err
			}
			if body = at[key]; body == nil {
				return listAnswer{}, fmt.Errorf("no %s", key)
			}
		}
		var at map[string]json.RawMessage
		if err := json.Unmarshal(body, &at); err != nil {
			return listAnswer{}, err
		}
		var a listAnswer
		if raw := at[items]; raw != nil {
			if err := json.Unmarshal(raw, &a.items); err != nil {
				return a, fmt.Errorf("%s: %w", items, err)
			}
		}
		if raw := at[token]; raw != nil && !bytes.Equal(raw, []byte("null")) {
			if err := json.Unmarshal(raw, &a.token); err != nil {
				return a, fmt.Errorf("%s: %w", token, err)
			}
		}
		return a, nil
	}
}
