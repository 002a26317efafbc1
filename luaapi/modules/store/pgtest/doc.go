// Package pgtest starts a PostgreSQL server for the tests of a package.
//
//	TestMain ──▶ Main ──▶ the tests ──▶ URL: a fresh database ──▶ the server, started by the first
//	                └──▶ stops the server and removes its folder
//
// The server is that of Debian's package postgresql. It listens on the loopback
// interface only, keeps its data in a temporary folder, and runs as the user
// postgres where the tests run as root, which it refuses to.
package pgtest
