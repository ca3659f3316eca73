package books_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"countinghouse/data/books"
)

// drawBatches makes up to four batches of one SKU, paid in odd amounts.
func drawBatches(t *rapid.T) []books.Batch {
	n := rapid.IntRange(1, 4).Draw(t, "batches")
	var out []books.Batch
	for i := range n {
		cost := books.Money{Minor: rapid.Int64Range(0, 100_000).Draw(t, "cost"), Currency: "USD"}
		out = append(out, books.Batch{
			ID: int64(i + 1), SKU: "A", Day: fmt.Sprintf("2026-01-%02d", rapid.IntRange(1, 28).Draw(t, "day")),
			Units: rapid.Int64Range(1, 40).Draw(t, "units"), Cost: cost, Fixed: cost,
		})
	}
	return out
}

func drawMoves(t *rapid.T) []books.Move {
	n := rapid.IntRange(0, 30).Draw(t, "moves")
	var out []books.Move
	for i := range n {
		out = append(out, books.Move{
			Key: fmt.Sprint(i), Kind: books.MoveKind(rapid.IntRange(0, 3).Draw(t, "kind")), SKU: "A", Marketplace: "US", Currency: "USD",
			Order: fmt.Sprint(rapid.IntRange(1, 6).Draw(t, "order")), Units: rapid.Int64Range(1, 12).Draw(t, "units"),
			Day: fmt.Sprintf("2026-01-%02d", rapid.IntRange(1, 31).Draw(t, "day")),
		})
	}
	books.SortMoves(out)
	return out
}

// Whatever leaves and comes back in whatever order: what was taken of all batches
// and what is left of them is what they cost and what was bought.
func TestBatchesLoseNothing(t *testing.T) {
	for _, method := range []books.Method{books.FIFO, books.Average} {
		t.Run(string(method), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				batches := drawBatches(t)
				l, err := books.NewLedger(books.Basis{Method: method, Batches: batches})
				if err != nil {
					t.Fatal(err)
				}
				units, cost := map[int64]int64{}, map[int64]int64{}
				var booked, drawn int64
				for _, m := range drawMoves(t) {
					c, err := l.Apply(m)
					if err != nil {
						t.Fatal(err)
					}
					booked -= c.Amount.Minor
					for _, d := range c.Draws {
						if d.Batch != 0 {
							units[d.Batch] += d.Units
							cost[d.Batch] += d.Fixed.Minor
							drawn += d.Fixed.Minor
						}
					}
				}
				held, err := l.Stock("2026-12-31")
				if err != nil {
					t.Fatal(err)
				}
				for _, h := range held {
					units[h.Batch] += h.Units
					cost[h.Batch] += h.Fixed.Minor
				}
				var bought, kept int64
				for _, b := range batches {
					bought += b.Fixed.Minor
					kept += cost[b.ID]
					if units[b.ID] != b.Units {
						t.Fatalf("batch %d: %d units are accounted for of %d", b.ID, units[b.ID], b.Units)
					}
					if method == books.FIFO && cost[b.ID] != b.Fixed.Minor {
						t.Fatalf("batch %d: %d of its cost is accounted for of %d", b.ID, cost[b.ID], b.Fixed.Minor)
					}
				}
				if kept != bought || booked != drawn {
					t.Fatalf("bought for %d, accounted for %d; booked %d, drawn %d", bought, kept, booked, drawn)
				}
			})
		})
	}
}

// The order in which batches and moves are told does not matter.
func TestCostsDoNotDependOnArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		batches, moves := drawBatches(t), drawMoves(t)
		method := rapid.SampledFrom(books.Methods()).Draw(t, "method")
		cost := func(batches []books.Batch, moves []books.Move) map[string]string {
			l, err := books.NewLedger(books.Basis{Method: method, Batches: batches})
			if err != nil {
				t.Fatal(err)
			}
			books.SortMoves(moves)
			out := map[string]string{}
			for _, m := range moves {
				c, err := l.Apply(m)
				if err != nil {
					t.Fatal(err)
				}
				out[m.Key] = fmt.Sprint(c.Amount, c.Uncovered, c.Gap)
			}
			return out
		}
		first := cost(batches, moves)
		again := cost(rapid.Permutation(batches).Draw(t, "batches again"), rapid.Permutation(moves).Draw(t, "moves again"))
		for k, v := range first {
			if again[k] != v {
				t.Fatalf("move %s cost %s, in another order %s", k, v, again[k])
			}
		}
	})
}

func TestAllocateLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minor := rapid.Int64().Draw(t, "minor")
		weights := rapid.SliceOfN(rapid.Int64Range(-5, 1<<40), 1, 20).Draw(t, "weights")
		var total, sum, weight int64
		for _, w := range weights {
			weight += max(w, 0)
		}
		parts := books.Allocate(minor, weights)
		if weight == 0 {
			if parts != nil {
				t.Fatalf("%v without any weight", parts)
			}
			return
		}
		for i, p := range parts {
			sum += p
			total++
			if weights[i] <= 0 && p != 0 && weight > 0 {
				t.Fatalf("part %d has %d and no weight", i, p)
			}
		}
		if sum != minor || int(total) != len(weights) {
			t.Fatalf("%v sums to %d of %d", parts, sum, minor)
		}
	})
}
