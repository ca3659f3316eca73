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
// The Engine runs the connections of a book side by side, and the resources of
// a connection in stages. It owns its goroutines and returns when all have
// ended. Progress is told as Event values; sentences for users are made by the
// user interface.
//
//	e := appsync.New(appsync.Config{Book: book, Unseal: unseal, Report: show})
//	result, err := e.Once(ctx)
package appsync
