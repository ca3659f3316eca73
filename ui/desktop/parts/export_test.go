package parts

// Immediate lets tests mark a source of theirs as one that answers at once.
type Immediate struct{}

func (Immediate) immediate() {}

// IconButton lets tests find the buttons that move a column.
type IconButton = iconButton
