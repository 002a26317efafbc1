// Package csv is the Lua module csv: tables as text (RFC 4180), on encoding/csv.
//
//	csv.decode  text ──▶ rows, lists or tables by the header ──▶ csv.encode  text
package csv
