package cli

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"countinghouse/data/books"
	"countinghouse/data/store"
	appsync "countinghouse/sync"
	"countinghouse/ui/session"
)

type statusVerb struct {
	Calls bool `help:"Also list which hosts were called, for what and how often, and how much was sent and received."`
}

// statusJSON is what status --json prints.
type statusJSON struct {
	Book        string              `json:"book"`
	Class       string              `json:"class"`
	Connections []connectionJSON    `json:"connections"`
	Plan        []stepJSON          `json:"plan"`
	Calls       []store.CallSummary `json:"calls,omitempty"`
	Uses        []store.CallUse     `json:"calls_by_operation,omitempty"`
}

type connectionJSON struct {
	ID      string        `json:"id"`
	Region  string        `json:"region"`
	State   string        `json:"state"`
	Reason  string        `json:"reason,omitempty"`
	Orders  int64         `json:"orders"`
	Items   int64         `json:"items"`
	Events  int64         `json:"events"`
	Covered []coveredJSON `json:"covered"`
	// Unconfirmed periods are empty, Amazon says; it is asked once more.
	Unconfirmed []coveredJSON `json:"unconfirmed,omitempty"`
	// Missing periods are those whose report Amazon keeps failing to make; without
	// dates it is a report that tells of the moment it is made.
	Missing   []coveredJSON  `json:"missing,omitempty"`
	Resources []resourceJSON `json:"resources"`
	Renewals  []renewalJSON  `json:"renewals,omitempty"`
}

type coveredJSON struct {
	Source string    `json:"source"`
	From   time.Time `json:"from,omitzero"`
	To     time.Time `json:"to,omitzero"`
}

type resourceJSON struct {
	Name  string     `json:"name"`
	Until *time.Time `json:"until,omitempty"`
	Error string     `json:"error,omitempty"`
}

func (v *statusVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		out, err := a.status(s)
		if err != nil {
			return err
		}
		if v.Calls {
			if out.Calls, err = s.Book.Calls(a.ctx); err != nil {
				return err
			}
			if out.Uses, err = s.Book.CallUses(a.ctx); err != nil {
				return err
			}
		}
		p, err := appsync.ReadPlan(a.ctx, s.Book, nil, 0, time.Now())
		if err != nil {
			return err
		}
		if out.Plan = planJSON(p); a.g.JSON {
			return writeJSON(a.io.Out, out)
		}
		return a.printStatus(out, p)
	})
}

func (a *app) status(s *session.Session) (statusJSON, error) {
	out := statusJSON{Book: s.Name, Class: string(s.Class)}
	connections, err := s.Book.Connections(a.ctx)
	if err != nil {
		return out, err
	}
	counts, err := s.Book.Counts(a.ctx)
	if err != nil {
		return out, err
	}
	coverage, err := s.Book.Coverage(a.ctx)
	if err != nil {
		return out, err
	}
	states, err := s.Book.SyncStates(a.ctx)
	if err != nil {
		return out, err
	}
	renewals, err := renewalsOf(a, s)
	if err != nil {
		return out, err
	}
	for i, c := range connections {
		j := connectionJSON{
			Renewals: renewals[c.ID],
			ID:       c.ID, Region: c.Region, State: c.State, Reason: c.StateReason,
			Orders: counts[i].Orders, Items: counts[i].Items, Events: counts[i].Events,
		}
		for _, v := range coverage {
			if v.Connection == c.ID {
				j.Covered = append(j.Covered, coveredJSON{v.Source, v.From, v.To})
			}
		}
		empty, err := appsync.Unconfirmed(a.ctx, s.Book, c.ID)
		if err != nil {
			return out, err
		}
		for _, v := range empty {
			j.Unconfirmed = append(j.Unconfirmed, coveredJSON{"orders", v.From, v.To})
		}
		missing, err := appsync.Missing(a.ctx, s.Book, c.ID)
		if err != nil {
			return out, err
		}
		for _, v := range missing {
			j.Missing = append(j.Missing, coveredJSON{v.Source, v.From, v.To})
		}
		for _, st := range states {
			if st.Connection == c.ID {
				r := resourceJSON{Name: st.Resource, Error: st.Error}
				if !st.Until.IsZero() {
					r.Until = &st.Until
				}
				j.Resources = append(j.Resources, r)
			}
		}
		out.Connections = append(out.Connections, j)
	}
	return out, nil
}

func (a *app) printStatus(out statusJSON, p appsync.Plan) error {
	fmt.Fprintf(a.io.Out, "Book %q (%s)\n\n", out.Book, out.Class)
	if len(out.Connections) == 0 {
		fmt.Fprintln(a.io.Out, "No account is connected and nothing was imported yet. Next: connect, or import FILE.")
		return nil
	}
	t := newSheet(left("connection"), left("state"), left("source"), left("data until"), left("last result"))
	for _, c := range out.Connections {
		id, state := c.ID, c.State
		if c.Reason != "" {
			state += ": " + c.Reason
		}
		if len(c.Resources) == 0 {
			t.add(id, state, "-", "-", "never synced")
		}
		for _, r := range c.Resources {
			until, result := "-", "ok"
			if r.Until != nil {
				until = r.Until.Local().Format("2006-01-02 15:04")
			}
			if r.Error != "" {
				result = r.Error
			}
			t.add(id, state, r.Name, until, result)
			id, state = "", ""
		}
	}
	if err := t.write(a.io.Out, formatTable); err != nil {
		return err
	}
	fmt.Fprintln(a.io.Out)
	if err := coverageSheet(out.Connections).write(a.io.Out, formatTable); err != nil {
		return err
	}
	if slices.ContainsFunc(out.Connections, func(c connectionJSON) bool { return len(c.Renewals) > 0 }) {
		fmt.Fprintln(a.io.Out)
		if err := renewalSheet(out.Connections).write(a.io.Out, formatTable); err != nil {
			return err
		}
	}
	if len(p.Steps) > 0 {
		fmt.Fprintln(a.io.Out)
		if err := planSheet(p).write(a.io.Out, formatTable); err != nil {
			return err
		}
	}
	if out.Calls == nil {
		return nil
	}
	return a.printCalls(out.Calls, out.Uses)
}

func coverageSheet(connections []connectionJSON) *sheet {
	t := newSheet(left("connection"), right("orders"), right("items"), right("events"), left("complete for"), left("from"), left("to"))
	for _, c := range connections {
		id, orders, items, events := c.ID, number(c.Orders), number(c.Items), number(c.Events)
		add := func(list []coveredJSON, note string) {
			for _, v := range list {
				from, to := "-", "-"
				if !v.To.IsZero() {
					from, to = v.From.UTC().Format("2006-01-02"), v.To.UTC().Format("2006-01-02 15:04")
				}
				t.add(id, orders, items, events, v.Source+note, from, to)
				id, orders, items, events = "", "", "", ""
			}
		}
		add(c.Covered, "")
		add(c.Unconfirmed, ": empty, to be confirmed")
		add(c.Missing, ": missing, Amazon could not make the report")
		if len(c.Covered)+len(c.Unconfirmed)+len(c.Missing) == 0 {
			t.add(id, orders, items, events, "-", "-", "-")
		}
	}
	return t
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// amount prints minor units in plain decimal form.
func amount(minor int64, currency string) string {
	return books.Money{Minor: minor, Currency: currency}.Decimal()
}
