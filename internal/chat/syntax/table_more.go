package syntax

// botRows are commands that the bot documentation leaves out and bots need.
var botRows = []row{
	// Reading chats.
	botNeeded("APIGetChat", "/_get chat <chatRef:ref>[ content=<content:text|link|image|video|voice|file|report|chat|liked>] <pagination:page>[ search=<search:text>]"),
	botNeeded("APIGetChatItems", "/_get items <pagination:page>[ search=<search:text>]"),
	botNeeded("APIGetChatItemInfo", "/_get item info <chatRef:ref> <chatItemId:int>"),
	botNeeded("APIGetChatContentTypes", "/_get content types <chatRef:ref>"),
	botNeeded("APIGetReactionMembers", "/_reaction members <userId:int> #<groupId:int> <chatItemId:int> <reaction:object>"),
	botNeeded("APIChatRead", "/_read chat <chatRef:ref>"),
	botNeeded("APIChatItemsRead", "/_read chat items <chatRef:ref> <chatItemIds:ints>"),
	botNeeded("APIChatUnread", "/_unread chat <chatRef:ref> <unread:onoff>"),
	botNeeded("APIUserRead", "/_read user <userId:int>"),
	botNeeded("APIClearChat", "/_clear chat <chatRef:ref>"),
	botNeeded("APICreateChatItems", "/_create *<noteFolderId:int> json <composedMessages:objects>"),
	botNeeded("APICreateChatItems", "/_create *<noteFolderId:int> text <text:text>"),

	// Forwarding and reports.
	botNeeded("APIPlanForwardChatItems", "/_forward plan <fromChat:ref> <chatItemIds:ints>"),
	botNeeded("APIForwardChatItems", "/_forward <toChat:sendref> <fromChat:ref> <chatItemIds:ints>[ ttl=default][ ttl=<ttl:int>]"),
	botNeeded("APIForwardChatItems", "/_forward <toChat:ref> <fromChat:ref> <chatItemIds:ints>"), // to the notes
	botNeeded("APIReportMessage", "/_report #<groupId:int> <chatItemId:int> reason=<reason:word>[ <text:text>]"),
	botNeeded("APIArchiveReceivedReports", "/_archive reports #<groupId:int>"),
	botNeeded("APIDeleteReceivedReports", "/_delete reports #<groupId:int> <chatItemIds:ints> <deleteMode:broadcast|internal|internalMark>"),

	// Members.
	botNeeded("APICreateMemberContact", "/_create member contact #<groupId:int> <groupMemberId:int>"),
	botNeeded("APISendMemberContactInvitation", "/_invite member contact @<contactId:int>[ text <text:text>][ json <message:object>]"),
	botNeeded("APIAcceptMemberContact", "/_accept member contact @<contactId:int>"),
	botNeeded("APIDeleteMemberSupportChat", "/_delete member chat #<groupId:int> <groupMemberId:int>"),
	botNeeded("APISetMemberSettings", "/_member settings #<groupId:int> <groupMemberId:int> <settings:object>"),
	botNeeded("APIGroupMemberInfo", "/_info #<groupId:int> <groupMemberId:int>"),
	botNeeded("APIGroupInfo", "/_info #<groupId:int>"),
	botNeeded("APIContactInfo", "/_info @<contactId:int>"),
	botNeeded("APIGetUpdatedGroupLinkData", "/_get group link data #<groupId:int>"),

	// Connecting as the apps do.
	botNeeded("APIPrepareContact", "/_prepare contact <userId:int> <link:link>[ <shortLink:url>][ domain=<domain:word>] <contactShortLinkData:object>"),
	botNeeded("APIPrepareGroup", "/_prepare group <userId:int> <link:link>[ <shortLink:url>][ domain=<domain:word>][ direct=<directLink:onoff>] <groupShortLinkData:object>"),
	botNeeded("APIConnectPreparedContact", "/_connect contact @<contactId:int>[ incognito=<incognito:onoff>][ text <text:text>][ json <message:object>]"),
	botNeeded("APIConnectPreparedGroup", "/_connect group #<groupId:int>[ incognito=<incognito:onoff>][ text <text:text>][ json <message:object>]"),
	botNeeded("APISetConnectionIncognito", "/_set incognito :<connId:int> <incognito:onoff>"),
	botNeeded("APIAddMyAddressShortLink", "/_short_link_address <userId:int>"),
	botNeeded("APIAddGroupShortLink", "/_short_link #<groupId:int>"),

	// Settings of chats.
	botNeeded("APISetConnectionAlias", "/_set alias :<connId:int>[ <alias:text>]"),
	botNeeded("APISetContactAlias", "/_set alias @<contactId:int>[ <alias:text>]"),
	botNeeded("APISetGroupAlias", "/_set alias #<groupId:int>[ <alias:text>]"),
	botNeeded("APISetChatSettings", "/_settings <chatRef:ref> <settings:object>"),
	botNeeded("APISetChatTTL", "/_ttl <userId:int> <chatRef:ref> <ttl:default|none|day|week|month|year>"),
	botNeeded("APISetChatTTL", "/_ttl <userId:int> <chatRef:ref> <ttl:int>"),
	botNeeded("APISetChatItemTTL", "/_ttl <userId:int> <ttl:int>"),
	botNeeded("APIGetChatItemTTL", "/_ttl <userId:int>"),
	botNeeded("APIGetChatTags", "/_get tags <userId:int>"),
	botNeeded("APICreateChatTag", "/_create tag <tag:object>"),
	botNeeded("APIUpdateChatTag", "/_update tag <tagId:int> <tag:object>"),
	botNeeded("APIDeleteChatTag", "/_delete tag <tagId:int>"),
	botNeeded("APISetChatTags", "/_tags <chatRef:ref>[ <tagIds:ints>]"),
	botNeeded("APIReorderChatTags", "/_reorder tags <tagIds:ints>"),
	botNeeded("APISetUserContactReceipts", "/_set receipts contacts <userId:int> <enable:onoff>[ clear_overrides=<clearOverrides:onoff>]"),
	botNeeded("APISetUserGroupReceipts", "/_set receipts groups <userId:int> <enable:onoff>[ clear_overrides=<clearOverrides:onoff>]"),
	botNeeded("APIGetContactCode", "/_get code @<contactId:int>"),
	botNeeded("APIGetGroupMemberCode", "/_get code #<groupId:int> <groupMemberId:int>"),
	botNeeded("APIVerifyContact", "/_verify code @<contactId:int>[ <code:text>]"),
	botNeeded("APIVerifyGroupMember", "/_verify code #<groupId:int> <groupMemberId:int>[ <code:text>]"),

	// Names and access, new in 7.0.
	botNeeded("APISetUserDomain", "/_set domain <userId:int>[ <domain:word>]"),
	botNeeded("APIVerifyContactDomain", "/_verify domain @<contactId:int>"),
	botNeeded("APIVerifyGroupDomain", "/_verify domain #<groupId:int>"),
	botNeeded("APISetPublicGroupAccess", "/_public group access #<groupId:int> <access:object>"),

	// Files outside chats, and files to be received later.
	botNeeded("APIUploadStandaloneFile", "/_upload <userId:int> <filePath:path>"),
	botNeeded("APIDownloadStandaloneFile", "/_download <userId:int> <fileLink:url> <filePath:path>"),
	botNeeded("APIStandaloneFileInfo", "/_download info <fileLink:url>"),
	botNeeded("SetFileToReceive", "/_set_file_to_receive <fileId:int>[ approved_relays=<userApprovedRelays:onoff>][ encrypt=<storeEncrypted:onoff>]"),
	botNeeded("FileStatus", "/fstatus <fileId:int>"),

	// Servers of the user and relays of channels.
	botNeeded("APIGetUserServers", "/_servers <userId:int>"),
	botNeeded("APISetUserServers", "/_servers <userId:int> <servers:objects>"),
	botNeeded("APITestProtoServer", "/_server test <userId:int> <server:host>"),
	botNeeded("APIValidateServers", "/_validate_servers <userId:int> <servers:json>"),
	botNeeded("APITestChatRelay", "/_relay test <userId:int> <relay:link>"),
	botNeeded("ShowVersion", "/v"),
	botNeeded("ShowVersion", "/version"),
}

// serviceRows are settings of the program and commands for people at a
// terminal. The table has them so that what is meant is known, and can be
// refused by name.
var serviceRows = []row{
	// The life of the controller, its folders and its database.
	host(service("APISetAppFilePaths", "/set file paths <paths:object>")),
	host(service("SetTempFolder", "/_temp_folder <filePath:path>")),
	host(service("SetFilesFolder", "/_files_folder <filePath:path>")),
	host(service("SetFilesFolder", "/files_folder <filePath:path>")),
	host(service("SetRemoteHostsFolder", "/remote_hosts_folder <filePath:path>")),
	host(service("APISetEncryptLocalFiles", "/_files_encrypt <onOff:onoff>")),
	host(service("CheckChatRunning", "/_check running")),
	host(service("APIActivateChat", "/_app activate[ restore=<restore:onoff>]")),
	host(service("APISuspendChat", "/_app suspend <timeout:int>")),
	host(service("APIExportArchive", "/_db export <config:object>")),
	host(service("APIImportArchive", "/_db import <config:object>")),
	host(service("APIDeleteStorage", "/_db delete")),
	host(service("APIStorageEncryption", "/_db encryption <config:object>")),
	host(service("ExportArchive", "/db export")),
	host(service("StorageEncryption", "/db encrypt <newKey:key>")),
	host(service("StorageEncryption", "/db key <currentKey:key> <newKey:key>")),
	host(service("StorageEncryption", "/db decrypt <currentKey:key>")),
	host(service("TestStorageEncryption", "/db test key <key:key>")),
	host(service("SlowSQLQueries", "/sql slow")),
	host(service("ExecChatStoreSQL", "/sql chat <query:text>")),
	host(service("ExecAgentStoreSQL", "/sql agent <query:text>")),
	host(service("APISaveAppSettings", "/_save app settings <settings:object>")),
	host(service("APIGetAppSettings", "/_get app settings[ <settings:object>]")),
	host(service("SetClientService", "/set client service <userId:int>:<userName:word> <onOff:on|off>")),

	// Users that other people at the device may not see.
	service("APIHideUser", "/_hide user <userId:int> <viewPwd:password>"),
	service("APIUnhideUser", "/_unhide user <userId:int> <viewPwd:password>"),
	service("APIMuteUser", "/_mute user <userId:int>"),
	service("APIUnmuteUser", "/_unmute user <userId:int>"),
	service("SetContactMergeEnabled", "/contact_merge <onOff:onoff>"),

	// Network and servers.
	service("APISetNetworkConfig", "/_network <config:object>"),
	service("APISetNetworkInfo", "/_network info <info:object>"),
	service("SetNetworkConfig", "/network <config:text>"),
	service("APIGetNetworkConfig", "/network"),
	service("ReconnectAllServers", "/reconnect"),
	service("ReconnectServer", "/reconnect <userId:int> <server:host>"),
	service("ResubscribeAllConnections", "/_resubscribe all"),
	service("ShowConnectionsDiff", "/_connections diff[ show_ids=<showIds:onoff>]"),
	service("GetUserProtoServers", "/smp"),
	service("GetUserProtoServers", "/xftp"),
	service("SetUserProtoServers", "/smp <servers:host>"),
	service("SetUserProtoServers", "/xftp <servers:host>"),
	service("GetUserChatRelays", "/relays"),
	service("SetUserChatRelays", "/relays <relays:text>"),
	service("APIGetServerOperators", "/_operators"),
	service("APISetServerOperators", "/_operators <operators:json>"),
	service("APIGetUsageConditions", "/_conditions"),
	service("APISetConditionsNotified", "/_conditions_notified <conditionsId:int>"),
	service("APIAcceptConditions", "/_accept_conditions <conditionsId:int> <operatorIds:ints>"),

	// Connections: keys, queues, addresses at servers.
	service("APIContactQueueInfo", "/_queue info @<contactId:int>"),
	service("APIGroupMemberQueueInfo", "/_queue info #<groupId:int> <groupMemberId:int>"),
	service("APISwitchContact", "/_switch @<contactId:int>"),
	service("APISwitchGroupMember", "/_switch #<groupId:int> <groupMemberId:int>"),
	service("APIAbortSwitchContact", "/_abort switch @<contactId:int>"),
	service("APIAbortSwitchGroupMember", "/_abort switch #<groupId:int> <groupMemberId:int>"),
	service("APISyncContactRatchet", "/_sync @<contactId:int>[ force=<force:onoff>]"),
	service("APISyncGroupMemberRatchet", "/_sync #<groupId:int> <groupMemberId:int>[ force=<force:onoff>]"),

	// Calls and notifications.
	service("APIGetCallInvitations", "/_call get"),
	service("APIGetNtfToken", "/_ntf get"),

	// Statistics and remote control.
	service("DebugLocks", "/debug locks"),
	service("GetAgentSubsTotal", "/get subs total <userId:int>"),
	service("GetAgentSubs", "/get subs"),
	service("GetAgentSubsDetails", "/get subs details"),
	service("GetAgentQueuesInfo", "/get queues"),
	service("GetAgentWorkers", "/get workers"),
	service("GetAgentWorkersDetails", "/get workers details"),
	host(service("ListRemoteHosts", "/list remote hosts")),
	host(service("ListRemoteCtrls", "/list remote ctrls")),
	host(service("StartRemoteHost", "/start remote host[ <args:text>]")),
	host(service("StopRemoteHost", "/stop remote host <id:word>")),
	host(service("SwitchRemoteHost", "/switch remote host <id:word>")),
	host(service("DeleteRemoteHost", "/delete remote host <id:word>")),
	host(service("StoreRemoteFile", "/store remote file <args:text>")),
	host(service("GetRemoteFile", "/get remote file <args:text>")),
	host(service("ConnectRemoteCtrl", "/connect remote ctrl <link:text>")),
	host(service("FindKnownRemoteCtrl", "/find remote ctrl")),
	host(service("ConfirmRemoteCtrl", "/confirm remote ctrl <id:int>")),
	host(service("VerifyRemoteCtrlSession", "/verify remote ctrl <code:text>")),
	host(service("StopRemoteCtrl", "/stop remote ctrl")),
	host(service("DeleteRemoteCtrl", "/delete remote ctrl <id:int>")),

	// For people at a terminal.
	service("ChatHelp", "/help[ <section:word>]"),
	service("ListContacts", "/contacts"),
	service("LastChats", "/chats"),
	service("ListMemberSupportChats", "/member support chats #<groupName:word>"),
	service("SendMessage", "@<contactName:word> <text:text>"),
	service("SendMessage", "#<groupName:word> <text:text>"),
}
