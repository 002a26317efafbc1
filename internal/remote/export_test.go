package remote

// WithQueue bounds the events that wait for Receive.
func (o Options) WithQueue(bytes int) Options {
	o.queueBytes = bytes
	return o
}
