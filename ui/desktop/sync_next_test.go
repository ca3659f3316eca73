package desktop

import (
	"slices"
	"testing"

	appsync "countinghouse/sync"
)

// What a screen, or a part of one, asks for when it is opened is there to be asked.
func TestWhatIsOpenedHasASource(t *testing.T) {
	var all []string
	for _, r := range appsync.All() {
		all = append(all, r.Name())
	}
	lists := [][]string{}
	for _, names := range wanted {
		lists = append(lists, names)
	}
	for _, topic := range goodsTopics {
		lists = append(lists, topic.sources)
	}
	for _, names := range lists {
		if len(names) == 0 {
			t.Error("nothing is asked for")
		}
		for _, n := range names {
			if !slices.Contains(all, n) {
				t.Errorf("%s is no source", n)
			}
		}
	}
}
