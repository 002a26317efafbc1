// Command release builds what is published: for each platform an archive with
// the program, its licence, manual page and completions; their hashes; and the
// list of what is inside (SBOM, CycloneDX). make release runs it.
//
//	go build ─▶ program ┬▶ simplex-lua_VERSION_OS_ARCH.tar.gz, .zip ─▶ SHA256SUMS
//	                    └▶ build information ─▶ simplex-lua_VERSION.cdx.json ─┘
//
// From the same commit, with the same version of Go, come the same bytes on
// every machine: all times are that of the commit, or $SOURCE_DATE_EPOCH.
package main
