package native

// Version is the version of libsimplex that this program is made for and
// downloads, without the leading v.
const Version = "6.5.1"

// releases is where the archives are published; Options.BaseURL replaces it.
const releases = "https://github.com/simplex-chat/simplex-chat-libs/releases/download"

// pins holds the SHA-256, in lower-case hex, of archives that were checked, by
// version and file name. For an archive without a row the first download on a
// machine is trusted and recorded; see archiveHash.
//
// The publisher gives no hashes for 6.5.1, so it has no rows.
var pins = map[pin]string{}

// pin names one published archive.
type pin struct{ version, asset string }
