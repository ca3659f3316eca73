//go:build !linux

package appsync_test

// The faults of a machine are made with means of Linux.
var machineFaults []fault
