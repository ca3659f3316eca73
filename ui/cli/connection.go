package cli

import "countinghouse/ui/session"

type connVerb struct {
	Pause  pauseVerb  `cmd:"" help:"Do not sync an account until it is resumed; its data and credentials stay."`
	Resume resumeVerb `cmd:"" help:"Sync a paused account again."`
	Dates  datesVerb  `cmd:"" help:"Say when the client secret was made and the authorisation given; status counts down to their ends."`
}

type pauseVerb struct {
	ID string `arg:"" help:"The connection."`
}

func (v *pauseVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if err := s.Pause(a.ctx, v.ID); err != nil {
			return err
		}
		return a.say(map[string]string{"paused": v.ID}, "Paused %s. It is not synced until: countinghouse connection resume %[1]s\n", v.ID)
	})
}

type resumeVerb struct {
	ID string `arg:"" help:"The connection."`
}

func (v *resumeVerb) Run(a *app) error {
	return a.with(func(s *session.Session) error {
		if err := s.Resume(a.ctx, v.ID); err != nil {
			return err
		}
		return a.say(map[string]string{"resumed": v.ID}, "Resumed %s. Next: countinghouse sync --once\n", v.ID)
	})
}
