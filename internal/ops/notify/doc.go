// Package notify tells a service manager how the process is, in the protocol of
// systemd (Type=notify-reload).
//
//	READY=1  RELOADING=1 MONOTONIC_USEC=…  STOPPING=1  STATUS=…  WATCHDOG=1
//
// Without $NOTIFY_SOCKET everything here does nothing.
package notify
