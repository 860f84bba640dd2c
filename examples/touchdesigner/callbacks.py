"""Callbacks of the OSC In DAT: each message goes to the extension of the COMP that it lies in."""


def onReceiveOSC(dat, rowIndex, message, byteData, timeStamp, address, args, peer):
    parent().Receive(address, args)
