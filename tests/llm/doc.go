// Package llm tests the module llm against a server of a model that is slow,
// busy, breaks off, calls functions and sends too much.
//
//	testdata/bot_test.lua ──▶ bottest ──▶ testdata/bot.lua ── http ──▶ server
//
// What the server does is the first word of the last message of the user.
package llm
