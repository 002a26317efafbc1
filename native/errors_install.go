package native

import (
	"fmt"
	"net/http"
)

// Kinds of InstallError.
const (
	// KindUnsupportedPlatform: no archive is made for this system or processor.
	KindUnsupportedPlatform Kind = "no chat core is published for this platform"
	// KindPostgresUnsupported: the PostgreSQL archive is made for other platforms.
	KindPostgresUnsupported Kind = "no chat core with PostgreSQL is published for this platform"
	// KindDownload: the server or the network failed.
	KindDownload Kind = "download of the chat core failed"
	// KindWrongArchive: what came is no archive with the library in it.
	KindWrongArchive Kind = "archive of the chat core is wrong"
	// KindWrongHash: the archive is not the one expected.
	KindWrongHash Kind = "archive of the chat core has the wrong SHA-256"
	// KindCacheNotWritable: the cache folder is missing, read-only or full.
	KindCacheNotWritable Kind = "cache of the chat core cannot be written"
	// KindHalfDone: the cache holds a folder that somebody left incomplete.
	KindHalfDone Kind = "cache of the chat core was left half done"
)

// InstallError says why the library could not be installed.
type InstallError struct {
	Kind     Kind
	Platform string // the archive's platform, or GOOS/GOARCH where there is none
	URL      string // the archive, once it is known
	Path     string // the folder or file concerned, if any
	Status   int    // the server's HTTP status, 0 if it gave none
	Cause    error  // may be nil
}

// Error describes the problem in one line.
func (e *InstallError) Error() string {
	switch e.Kind {
	case KindUnsupportedPlatform, KindPostgresUnsupported:
		return hinted(e.Kind, e.Platform, e.Cause)
	case KindDownload:
		if e.Status != 0 {
			return fmt.Sprintf("%s: %s: HTTP status %d %s", e.Kind, e.URL, e.Status, http.StatusText(e.Status))
		}
		return hinted(e.Kind, e.URL, e.Cause)
	case KindWrongArchive:
		return hinted(e.Kind, e.URL, e.Cause)
	case KindWrongHash:
		if e.URL != "" {
			return hinted(e.Kind, e.URL, e.Cause)
		}
	}
	return hinted(e.Kind, e.Path, e.Cause)
}

// Unwrap returns the cause.
func (e *InstallError) Unwrap() error { return e.Cause }

// Is tells whether target is the error's Kind.
func (e *InstallError) Is(target error) bool { return target == error(e.Kind) }

// Hint tells what to do next.
func (e *InstallError) Hint() string {
	const own = "build the library and set SIMPLEX_LIBS_DIR to its folder"
	switch e.Kind {
	case KindUnsupportedPlatform:
		return "Supported are " + supportedPlatforms() + ". For others, " + own + "."
	case KindPostgresUnsupported:
		return "PostgreSQL is supported on " + postgresPlatform + " only. Use the SQLite backend, or " + own + "."
	case KindDownload:
		if e.Status == http.StatusNotFound && e.Platform == "linux-aarch64" {
			return "Not every version is published for " + e.Platform + ": " + own + "."
		}
		return "Check the network and try again, or download the archive elsewhere, unpack it and set SIMPLEX_LIBS_DIR to its libs folder."
	case KindWrongArchive:
		return "Try again; if it stays, a proxy may answer in place of the server: open the address in a browser."
	case KindWrongHash:
		if e.URL == "" {
			return "Remove " + e.Path + " and run `simplex-lua install` again."
		}
		return "Do not use this archive unless you know why it changed. If you do, give its hash with --libs-sha256."
	case KindCacheNotWritable:
		return "Make the folder writable and see that the disk is not full, or set SIMPLEX_LIBS_DIR to a folder that holds the library."
	case KindHalfDone:
		return "Remove " + e.Path + " and run `simplex-lua install` again."
	}
	return ""
}
