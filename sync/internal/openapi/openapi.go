// Package openapi reads Amazon's model files, which are Swagger 2, as what
// validators take. Tests alone use it.
package openapi

import (
	"encoding/json"
	"fmt"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
)

// Read reads one model file.
func Read(swagger []byte) (*openapi3.T, error) {
	var v2 openapi2.T
	if err := json.Unmarshal(swagger, &v2); err != nil {
		return nil, fmt.Errorf("read a model: %w", err)
	}
	doc, err := openapi2conv.ToV3(&v2)
	if err != nil {
		return nil, fmt.Errorf("read a model: %w", err)
	}
	no := false
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			for _, p := range op.Parameters {
				// In Swagger 2 a list without a word about it is comma-separated.
				if p.Value.In == "query" && p.Value.Schema.Value.Type.Is("array") {
					p.Value.Style, p.Value.Explode = openapi3.SerializationForm, &no
				}
			}
		}
	}
	return doc, nil
}
