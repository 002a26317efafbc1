// Package doctor looks at an installation from outside: folders, disk, clock,
// control socket, unit file, and servers. It changes nothing. What needs the
// chat core or the configuration is looked at by whoever calls it, who adds
// Findings of the same kind.
//
//	Folder ┐
//	Disk   │
//	Clock  ├──▶ Report ──▶ text or JSON, and whether something must be mended
//	Socket │
//	Unit   │
//	Server ┘
package doctor
