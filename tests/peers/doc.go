// Package peers runs two bots on one simulated network, for what bots have from
// each other: queries, resources, packets and blobs.
//
//	answering.lua ── address ──▶ asking.lua ── connect_to, rpc.query, … ──▶ prints lines
//
// The asking bot prints a line for each thing it tried; the test reads them.
package peers
