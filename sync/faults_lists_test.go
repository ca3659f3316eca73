package appsync_test

import (
	"countinghouse/sync/spapi"
	"countinghouse/sync/spapifake"
)

// lists are the operations with pages, and the resource of each.
var lists = map[string]string{
	"searchOrders": "orders", "getInventorySummaries": "inventory", "searchListingsItems": "listings", "listTransactions": "finances",
}

var listOperations = []string{"searchOrders", "getInventorySummaries", "searchListingsItems", "listTransactions"}

// onEach reads the same sentence from every list.
func onEach(class *spapi.Class, operations ...string) map[string]string {
	out := map[string]string{}
	for _, op := range operations {
		out[lists[op]] = sentenceOf(class)
	}
	return out
}

// paged plans a fault for later pages only. Without any number before it comes
// on the first page that has a token.
func paged(kind spapifake.FaultKind, after, times int, operations ...string) []spapifake.Fault {
	list := everywhere(kind, after, times, operations...)
	for i := range list {
		list[i].Paged = true
	}
	return list
}

// listFaults are those of lists with pages.
var listFaults = []fault{
	{
		name: "token expired in mid-page", kinds: []spapifake.FaultKind{spapifake.TokenExpired},
		arrange: injecting(paged(spapifake.TokenExpired, 0, 1, listOperations...)...),
	},
	{
		name: "page token expired", kinds: []spapifake.FaultKind{spapifake.PageExpired},
		arrange: injecting(paged(spapifake.PageExpired, 0, 1, "searchOrders", "getInventorySummaries", "listTransactions")...),
	},
	{
		name: "page token that always expires", kinds: []spapifake.FaultKind{spapifake.PageExpired},
		arrange: injecting(paged(spapifake.PageExpired, 0, -1, listOperations...)...),
		reads:   onEach(spapi.ErrPageExpired, listOperations...),
	},
	{
		name: "repeated page token", kinds: []spapifake.FaultKind{spapifake.RepeatedToken},
		arrange: injecting(paged(spapifake.RepeatedToken, 0, -1, listOperations...)...),
		reads:   onEach(spapi.ErrPaging, listOperations...),
	},
	{
		name: "empty page with a next token", kinds: []spapifake.FaultKind{spapifake.EmptyPage},
		arrange: injecting(paged(spapifake.EmptyPage, 0, 3, listOperations...)...),
	},
	{
		name: "empty pages without end", kinds: []spapifake.FaultKind{spapifake.EmptyPage},
		arrange: injecting(paged(spapifake.EmptyPage, 0, -1, "searchListingsItems", "listTransactions")...),
		reads:   onEach(spapi.ErrPaging, "searchListingsItems", "listTransactions"),
	},
	{
		name: "duplicate rows over pages", kinds: []spapifake.FaultKind{spapifake.DuplicateRows},
		arrange: injecting(everywhere(spapifake.DuplicateRows, 0, -1, listOperations...)...),
	},
	{
		name: "row moving between pages", kinds: []spapifake.FaultKind{spapifake.MovedRow},
		arrange: injecting(everywhere(spapifake.MovedRow, 0, -1, listOperations...)...),
	},
}
