-- Money that only a coarser source told is looked at again when a finer one has
-- read its time: found without going through all events.
CREATE INDEX event_coarse ON event(connection_id, occurred_at) WHERE origin IN ('settlement', 'daterange');
