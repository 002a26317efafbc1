// Package coretest is the conformance suite that every chat.Core passes: the
// contract written at the interface, and the first steps of a conversation that
// do not need a network.
//
//	func TestCore(t *testing.T) {
//		coretest.Run(t, func(t *testing.T) chat.Core { … })
//	}
//
// It needs no peer: what a network of people does is checked by the replay of
// recorded conversations in package sim. It leaves out starting and stopping
// where the Core does not own its controller.
package coretest
