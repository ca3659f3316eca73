// Package cli is Countinghouse in a terminal: the verbs, one file each, all of
// the same shape. It parses the command line, opens the book, calls the parts
// below, and turns what they say into text or JSON and an exit code.
//
// It decides nothing about money and knows no SQL. Errors go to stderr as one
// line: what happened, why, and what to do. Nothing is asked when stdin is no
// terminal: the error then names the flag that is missing.
//
//	os.Exit(cli.Main(ctx, os.Args[1:], cli.System()))
package cli
