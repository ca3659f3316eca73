// Package appsync fetches a seller's data from Amazon and stores it. (Its
// folder is sync; the package has another name because Go's own sync is needed
// beside it everywhere.)
//
// Each source is one file with one Resource, registered in resources.go. A
// resource pages through Amazon's answers and stores each page in one
// transaction together with its bookmark, so that it can be killed anywhere
// and run again with the same tables as result. It decides nothing about
// accounting: facts go into the book under Amazon's own names.
//
// The Engine runs the connections of a book side by side, and starts each
// resource of a connection when it is due and has what it needs (Periodic,
// Following): in a first sync stage by stage, later each in its own rhythm.
// When a resource is asked again is kept in the book. Where several wait for
// one limit of Amazon's, the order of resources.go decides, and what the user
// has just opened (Want) goes first. ReadPlan says beforehand what comes when,
// and why it waits; Notices lists what the seller has to act on.
//
// An Engine owns its goroutines and returns when all have ended. Progress is
// told as Event values; sentences for users are made by the user interface.
//
//	e := appsync.New(appsync.Config{Book: book, Client: client, Report: show})
//	result, err := e.Once(ctx)
package appsync
