// Package keep saves bots to archives and brings them back. It knows no host and
// no core: whoever calls it has stopped the bot or its chat, and says what
// belongs into the archive.
//
//	Stopped(data)  ─┐                                  ┌▶ Check    reads all, writes nothing
//	                ├▶ []Entry ─▶ Create ─▶ archive ───┤
//	Snapshot(dir)  ─┘              (FILE.part, rename)  └▶ Restore  DIR.restoring, checked, exchanged with DIR
//
// # The archive
//
// A tar file, inside an age file where there is a key for it:
//
//	simplex-lua-backup.json   Manifest without files: what this is
//	data/…                    the files of the data folder
//	manifest.json             Manifest with the size and SHA-256 of each file
//
// The manifest comes last: an archive that was cut off has none and is refused.
//
// # Kill -9
//
// At every moment either the old or the new file, or folder, is whole and at its
// place. An archive is written beside its place and renamed; a data folder is
// unpacked beside its place, checked, and exchanged with the old one, which is
// kept. Where the system cannot exchange two folders at once (anything but
// Linux) both are whole, but for a moment neither is at its place.
package keep
