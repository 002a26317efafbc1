package remote

import "time"

// WithQueue bounds the events that wait for Receive.
func (o Options) WithQueue(bytes int) Options {
	o.queueBytes = bytes
	return o
}

// WithFrames bounds the length of what the program sends.
func (o Options) WithFrames(bytes int) Options {
	o.maxFrame = bytes
	return o
}

// WithProbeLife sets when the group of an earlier probe is deleted.
func (o Options) WithProbeLife(d time.Duration) Options {
	o.probeLife = d
	return o
}
