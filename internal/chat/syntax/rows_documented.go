package syntax

// documentedRows are the commands of the bot documentation of both core versions.
var documentedRows = []row{
	// Address.
	documented("APICreateMyAddress", "/_address <userId:int>"),
	documented("APIDeleteMyAddress", "/_delete_address <userId:int>"),
	documented("APIShowMyAddress", "/_show_address <userId:int>"),
	documented("APISetProfileAddress", "/_profile_address <userId:int> <enable:onoff>"),
	documented("APISetAddressSettings", "/_address_settings <userId:int> <settings:object>"),

	// Messages.
	documented("APISendMessages", "/_send <sendRef:sendref>[ live=<liveMessage:onoff>][ ttl=default][ ttl=<ttl:int>] json <composedMessages:objects>"),
	documented("APISendMessages", "/_send <sendRef:sendref>[ live=<liveMessage:onoff>][ ttl=default][ ttl=<ttl:int>] text <text:text>"),
	documented("APIUpdateChatItem", "/_update item <chatRef:ref> <chatItemId:int>[ live=<liveMessage:onoff>] json <updatedMessage:object>"),
	documented("APIUpdateChatItem", "/_update item <chatRef:ref> <chatItemId:int>[ live=<liveMessage:onoff>] text <text:text>"),
	documented("APIDeleteChatItem", "/_delete item <chatRef:ref> <chatItemIds:ints> <deleteMode:broadcast|internal|internalMark|history>"),
	documented("APIDeleteMemberChatItem", "/_delete member item #<groupId:int> <chatItemIds:ints>"),
	documented("APIChatItemReaction", "/_reaction <chatRef:ref> <chatItemId:int> <add:onoff> <reaction:object>"),

	// Files.
	documented("ReceiveFile", "/freceive <fileId:int>[ approved_relays=<userApprovedRelays:onoff>][ encrypt=<storeEncrypted:onoff>][ inline=<fileInline:onoff>][ <filePath:path>]"),
	documented("CancelFile", "/fcancel <fileId:int>"),

	// Groups.
	documented("APIAddMember", "/_add #<groupId:int> <contactId:int> <memberRole:role>"),
	documented("APIJoinGroup", "/_join #<groupId:int>[ mute=<mute:onoff>]"),
	documented("APIAcceptMember", "/_accept member #<groupId:int> <groupMemberId:int> <memberRole:role>"),
	documented("APIMembersRole", "/_member role #<groupId:int> <groupMemberIds:ints> <memberRole:role>"),
	documented("APIBlockMembersForAll", "/_block #<groupId:int> <groupMemberIds:ints> blocked=<blocked:onoff>"),
	documented("APIRemoveMembers", "/_remove #<groupId:int> <groupMemberIds:ints>[ messages=<withMessages:onoff>]"),
	documented("APILeaveGroup", "/_leave #<groupId:int>"),
	documented("APIListMembers", "/_members #<groupId:int>"),
	documented("APINewGroup", "/_group <userId:int>[ incognito=<incognito:onoff>] <groupProfile:object>"),
	documented("APINewPublicGroup", "/_public group <userId:int>[ incognito=<incognito:onoff>] <relayIds:ints> <groupProfile:object>"),
	documented("APIGetGroupRelays", "/_get relays #<groupId:int>"),
	documented("APIAddGroupRelays", "/_add relays #<groupId:int> <relayIds:ints>"),
	documented("APIAllowRelayGroup", "/_relay allow #<groupId:int>"),
	documented("APIUpdateGroupProfile", "/_group_profile #<groupId:int> <groupProfile:object>"),
	documented("APICreateGroupLink", "/_create link #<groupId:int> <memberRole:role>"),
	documented("APIGroupLinkMemberRole", "/_set link role #<groupId:int> <memberRole:role>"),
	documented("APIDeleteGroupLink", "/_delete link #<groupId:int>"),
	documented("APIGetGroupLink", "/_get link #<groupId:int>"),

	// Connecting. Without a link /_connect makes an invitation.
	documented("APIConnectPlan", "/_connect plan <userId:int> <connectionLink:text>"),
	documented("APIConnect", "/_connect <userId:int>[ incognito=<incognito:onoff>] <link:link>[ <shortLink:url>]"),
	documented("APIAddContact", "/_connect <userId:int>[ incognito=<incognito:onoff>]"),
	documented("Connect", "/connect i <connLink_:link>"),
	documented("Connect", "/connect[ <connLink_:link>]"),
	documented("APIAcceptContact", "/_accept[ incognito=<incognito:onoff>] <contactReqId:int>"),
	documented("APIRejectContact", "/_reject <contactReqId:int>"),

	// Chats.
	documented("APIListContacts", "/_contacts <userId:int>"),
	documented("APIListGroups", "/_groups <userId:int>[ @<contactId_:int>][ <search:text>]"),
	documented("APIGetChats", "/_get chats <userId:int>[ pcc=<pendingConnections:onoff>][ <pagination:page>][ <query:object>]"),
	documented("APIDeleteChat", "/_delete <chatRef:ref> <mode:full|entity>[ notify=<notify:onoff>]"),
	documented("APIDeleteChat", "/_delete <chatRef:ref> <mode:messages>"),
	documented("APIDeleteChat", "/_delete <chatRef:ref>[ notify=<notify:onoff>]"),
	documented("APISetGroupCustomData", "/_set custom #<groupId:int>[ <customData:data>]"),
	documented("APISetContactCustomData", "/_set custom @<contactId:int>[ <customData:data>]"),
	documented("APISetContactPrefs", "/_set prefs @<contactId:int> <preferences:object>"),

	// Users and the life of the controller.
	documented("ShowActiveUser", "/user"),
	documented("CreateActiveUser", "/_create user <newUser:object>"),
	documented("ListUsers", "/users"),
	documented("APISetActiveUser", "/_user <userId:int>[ <viewPwd:password>]"),
	host(documented("APIDeleteUser", "/_delete user <userId:int> del_smp=<delSMPQueues:onoff>[ <viewPwd:password>]")),
	documented("APIUpdateProfile", "/_profile <userId:int> <profile:object>"),
	documented("APISetUserAutoAcceptMemberContacts", "/_set accept member contacts <userId:int> <onOff:onoff>"),
	host(documented("StartChat", "/_start[ main=<mainApp:onoff>][ snd_files=<enableSndFiles:onoff>]")),
	host(documented("APIStopChat", "/_stop")),
}
