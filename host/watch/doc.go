// Package watch notices changes of a script's files.
//
//	folders of the files ──fsnotify──▶ loop ──quiet for a while──▶ compare ──▶ Changed
//	                                    ▲                         contents
//	       what was loaded ──Loaded, Failed
//
// Where a file is a symbolic link, the folder that it leads to is watched too. It
// reads the files and knows nothing of Lua: which files a script consists of
// is told by whoever has loaded it. Where loading failed, nobody knows, and every
// .lua file around the script may hold the repair.
package watch
