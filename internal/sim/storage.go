package sim

// storageCommands are about the database as a file.
var storageCommands = table{
	"APIStorageEncryption":  {run: setKey, early: true, anonymous: true},
	"StorageEncryption":     {run: setKey, early: true, anonymous: true},
	"TestStorageEncryption": {run: testKey, early: true, anonymous: true},
	"APISuspendChat":        {run: suspend, early: true, anonymous: true},
	"APIActivateChat":       {run: activateChat},
}

var notDatabase = object("type", "errorNotADatabase")

func databaseError(tag string, pairs ...any) error {
	return &apiError{tagged("errorDatabase", "databaseError", tagged(tag, pairs...))}
}

// setKey encrypts the database, decrypts it, or changes its key. The chat can't
// be started before the database was opened anew.
func setKey(c *call) (raw, error) {
	var keys struct {
		CurrentKey *string `json:"currentKey"`
		NewKey     *string `json:"newKey"`
	}
	if current, fresh := c.cmd.Text("currentKey"), c.cmd.Text("newKey"); c.cmd.Name == "StorageEncryption" {
		keys.CurrentKey, keys.NewKey = &current, &fresh
	} else if err := c.decode("config", &keys); err != nil {
		return nil, err
	}
	switch d := c.db; {
	case keys.CurrentKey == nil || keys.NewKey == nil:
		return nil, errSyntax
	case d.started:
		return nil, chatError("chatNotStopped")
	case *keys.CurrentKey != d.key && d.key == "":
		return nil, databaseError("errorPlaintext")
	case *keys.CurrentKey != d.key:
		return nil, databaseError("errorExport", "sqliteError", notDatabase)
	}
	c.db.key, c.db.storeChanged = *keys.NewKey, true
	return result("cmdOk"), nil
}

func testKey(c *call) (raw, error) {
	if c.cmd.Text("key") != c.db.key {
		return nil, databaseError("errorOpen", "sqliteError", notDatabase)
	}
	return result("cmdOk"), nil
}

// suspend stops receiving until the app is active again.
func suspend(c *call) (raw, error) {
	c.db.suspended = true
	c.db.event(result("chatSuspended"))
	return result("cmdOk"), nil
}

func activateChat(c *call) (raw, error) {
	c.db.suspended = false
	c.db.collect()
	return result("cmdOk"), nil
}

// errStoreClosed is what the database says when it is used after it was closed.
var errStoreClosed = storeError("dBException", "message",
	`SQLite3 returned ErrorMisuse while attempting to perform prepare "BEGIN IMMEDIATE TRANSACTION": bad parameter or other API misuse`)

// inMemory are the commands that need no database.
var inMemory = map[string]bool{
	"ShowActiveUser": true, "APIStopChat": true, "CheckChatRunning": true, "ChatHelp": true, "APIGetCallInvitations": true,
	"APISetAppFilePaths": true, "SetFilesFolder": true, "SetTempFolder": true, "SetRemoteHostsFolder": true, "APISetEncryptLocalFiles": true,
	"SetContactMergeEnabled": true, "APIGetNetworkConfig": true, "APISetNetworkConfig": true, "APISetNetworkInfo": true, "APIStandaloneFileInfo": true,
}

// afterClose answers a command to a controller whose database was closed.
func (d *database) afterClose(cmd string) raw {
	c := parse(cmd)
	h := handlers[c.cmd.Name]
	var err error
	switch {
	case !c.ok:
		err = errSyntax
	case inMemory[c.cmd.Name]:
		return d.carryOut(c)
	case h.run != nil && !h.early:
		err = chatError("chatNotStarted")
	default:
		err = errStoreClosed
	}
	return object("error", err.(*apiError).body)
}
