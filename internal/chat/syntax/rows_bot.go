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
