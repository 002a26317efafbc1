package sim

// xftpConnected shows that a user speaks to the file server, once per start.
func (d *database) xftpConnected(u *user) {
	if !u.filesOnline && !d.net.down["xftp"] {
		u.filesOnline = true
		d.event(result("hostConnected", "protocol", "xftp", "transportHost", serverHost))
	}
}

// transfer is a part of sending or receiving a file.
type transfer struct {
	upload bool
	run    func()
}

// whenFiles runs a part of a transfer: now, or when the actor runs and the file
// server is there.
func (d *database) whenFiles(t transfer) {
	if d.started && !d.net.down["xftp"] {
		t.run()
		return
	}
	d.transfers = append(d.transfers, t)
}

// resumeFiles goes on with the transfers that waited, downloads first.
func (d *database) resumeFiles() {
	if !d.started || d.net.down["xftp"] {
		return
	}
	waiting := d.transfers
	d.transfers = nil
	for _, t := range waiting {
		d.net.later(d, func() {
			if t.upload {
				d.net.later(d, func() { d.whenFiles(t) })
				return
			}
			d.whenFiles(t)
		})
	}
}

// fileServerChanged tells a running actor that the file server went away or
// came back.
func (d *database) fileServerChanged(up bool) {
	if up {
		d.resumeFiles()
		return
	}
	for _, u := range d.usersByID() {
		if d.started && u.filesOnline {
			u.filesOnline = false
			d.event(result("hostDisconnected", "protocol", "xftp", "transportHost", serverHost))
		}
	}
}
