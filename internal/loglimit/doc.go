// Package loglimit keeps a storm of the same warning from filling the log.
//
//	Allow ─▶ log the line, with how many were held back
//	  └────▶ hold it back: the last one was less than Every ago
//
// It writes nothing itself: who asks words the line.
package loglimit
