/*
  Mien for Chataigne: values of what Mien sees, and commands to it.

  Chataigne's scripts run in JUCE's engine: no let, no switch, no try, no regular expressions, && and || from left to right.
*/

// Generated from here: python -m installation.showcontrol.examples --write
var ARGUMENTS = {
  "frame": [
    "number",
    "t"
  ],
  "people": [
    "count"
  ],
  "visitor/position": [
    "x",
    "y",
    "size"
  ],
  "visitor/velocity": [
    "x",
    "y"
  ],
  "visitor/presence": [
    "presence"
  ],
  "visitor/label": [
    "emotion"
  ],
  "visitor/emoji": [
    "emoji"
  ],
  "visitor/emotions": [
    "angry",
    "disgust",
    "fear",
    "happy",
    "sad",
    "surprise",
    "neutral"
  ],
  "visitor/agreement": [
    "agreement"
  ],
  "visitor/valence": [
    "valence"
  ],
  "visitor/arousal": [
    "arousal"
  ],
  "visitor/confidence": [
    "confidence"
  ],
  "visitor/energy": [
    "energy"
  ],
  "visitor/openness": [
    "openness"
  ],
  "visitor/nearness": [
    "nearness"
  ],
  "visitor/extent": [
    "extent"
  ],
  "visitor/gestures": [
    "names"
  ],
  "visitor/onset": [
    "number",
    "strength"
  ],
  "group/position": [
    "x",
    "y",
    "size"
  ],
  "group/presence": [
    "presence"
  ],
  "group/label": [
    "emotion"
  ],
  "group/emotions": [
    "angry",
    "disgust",
    "fear",
    "happy",
    "sad",
    "surprise",
    "neutral"
  ],
  "group/valence": [
    "valence"
  ],
  "group/arousal": [
    "arousal"
  ],
  "group/confidence": [
    "confidence"
  ],
  "group/energy": [
    "energy"
  ],
  "group/openness": [
    "openness"
  ],
  "group/leader": [
    "id"
  ],
  "emotions": [
    "angry",
    "disgust",
    "fear",
    "happy",
    "sad",
    "surprise",
    "neutral"
  ],
  "emoji": [
    "emoji"
  ],
  "valence": [
    "valence"
  ],
  "arousal": [
    "arousal"
  ],
  "presence": [
    "presence"
  ],
  "palette": [
    "background_red",
    "background_green",
    "background_blue",
    "deep_red",
    "deep_green",
    "deep_blue",
    "middle_red",
    "middle_green",
    "middle_blue",
    "accent_red",
    "accent_green",
    "accent_blue"
  ],
  "unit/valence": [
    "valence"
  ],
  "unit/arousal": [
    "arousal"
  ],
  "state": [
    "state",
    "reason"
  ],
  "attention": [
    "attention"
  ],
  "manual": [
    "share"
  ],
  "sound/level": [
    "level"
  ],
  "health": [
    "frames",
    "perception",
    "textures",
    "faults",
    "fallbacks",
    "memory"
  ],
  "fallback": [
    "stage",
    "message"
  ],
  "fault": [
    "stage",
    "message"
  ],
  "cue": [
    "cue",
    "name"
  ],
  "preset": [
    "cue",
    "name"
  ],
  "beat": [
    "number",
    "bpm"
  ],
  "onset": [
    "number",
    "strength",
    "id"
  ],
  "sound/onset": [
    "number"
  ],
  "event/arrived": [
    "number",
    "id"
  ],
  "event/left": [
    "number",
    "id"
  ],
  "event/emotion": [
    "number",
    "id",
    "emotion"
  ],
  "event/depicted": [
    "number",
    "depicts",
    "share"
  ],
  "event/pose": [
    "number",
    "id",
    "name"
  ],
  "event/shape_born": [
    "number",
    "x",
    "y",
    "size"
  ],
  "event/texture_done": [
    "number",
    "source",
    "way",
    "size",
    "compute"
  ],
  "event/picture_done": [
    "number",
    "source",
    "picture",
    "size",
    "compute"
  ],
  "event/painted": [
    "number",
    "painting",
    "file",
    "seconds"
  ],
  "event/scene": [
    "number",
    "scene"
  ],
  "event/clear": [
    "number"
  ],
  "event/hours": [
    "number",
    "hours",
    "light",
    "seconds"
  ],
  "event/cue": [
    "number",
    "cue",
    "name"
  ],
  "event/preset": [
    "number",
    "cue",
    "name"
  ],
  "event/blackout": [
    "number",
    "on"
  ],
  "event/snapshot": [
    "number",
    "file"
  ],
  "event/video": [
    "number",
    "file",
    "on"
  ],
  "event/command": [
    "number",
    "command",
    "pose",
    "id"
  ],
  "event/recorded": [
    "number",
    "label",
    "rows"
  ],
  "event/source": [
    "number",
    "source"
  ]
};
var COUNTED = {
  "visitor/onset": 1,
  "onset": 1,
  "sound/onset": 1,
  "event/arrived": 1,
  "event/left": 1,
  "event/emotion": 1,
  "event/depicted": 1,
  "event/pose": 1,
  "event/shape_born": 1,
  "event/texture_done": 1,
  "event/picture_done": 1,
  "event/painted": 1,
  "event/scene": 1,
  "event/clear": 1,
  "event/hours": 1,
  "event/cue": 1,
  "event/preset": 1,
  "event/blackout": 1,
  "event/snapshot": 1,
  "event/video": 1,
  "event/command": 1,
  "event/recorded": 1,
  "event/source": 1
};
var VISITORS = 6;
function doNextScene() { give("next_scene", []); }
function doScene(value) { giveText("scene", value); }
function doSource(value) { giveText("source", value); }
function doClear() { give("clear", []); }
function doRecord(value) { giveText("record", value); }
function doSnapshot() { give("snapshot", []); }
function doVideo(value) { giveSwitch("video", value); }
function doPaint() { give("paint", []); }
function doTextureModel(value) { giveText("texture_model", value); }
function doTestPattern(value) { giveText("test_pattern", value); }
function doHours(value) { giveText("hours", value); }
function doPreset(number, name) { givePlace("preset", number, name); }
function doCue(number, name) { givePlace("cue", number, name); }
function doCueGo() { give("cue_go", []); }
function doCueBack() { give("cue_back", []); }
function doCueHold() { give("cue_hold", []); }
function doPerformancePause(value) { giveSwitch("performance_pause", value); }
function doPerformanceStep() { give("performance_step", []); }
function doPerformanceSeek(value) { giveNumber("performance_seek", value); }
function doTap() { give("tap", []); }
function doMidiLearn(value) { giveText("midi_learn", value); }
function doBlackout(value) { giveSwitch("blackout", value); }
function doSetScenePace(value) { setting("scene/pace", value); }
function doSetSceneSize(value) { setting("scene/size", value); }
function doSetSceneBeat(value) { setting("scene/beat", value); }
function doSetSmoothingCalmness(value) { setting("smoothing/calmness", value); }
function doSetGenerationStrength(value) { setting("generation/strength", value); }
function doSetPictureStrength(value) { setting("picture/strength", value); }
function doSetOutputBrightness(value) { setting("output/brightness", value); }
function doSetOutputSaturation(value) { setting("output/saturation", value); }
function doSetOutputGlow(value) { setting("output/glow", value); }
function doSetLightsMaster(value) { setting("lights/master", value); }
function doSetEmotionManualEnabled(value) { setting("emotion/manual/enabled", value); }
function doSetEmotionManualStrength(value) { setting("emotion/manual/strength", value); }
function doSetEmotionManualValence(value) { setting("emotion/manual/valence", value); }
function doSetEmotionManualArousal(value) { setting("emotion/manual/arousal", value); }
function getSetting(path) { give("get/control/" + path, []); }
function doSave() { give("control/save", []); }
// Generated to here.

// The visitor's number in each place, 0: free.
var places = [];
// The last number of each address that counts.
var lastNumbers = {};

function init() {
  forget();
}

function oscEvent(address, args) {
  var prefix = local.parameters.getChild("prefix").get() + "/";
  if (address.substring(0, prefix.length) != prefix) return;
  var path = address.substring(prefix.length, address.length);
  if (path == "people/ids") {
    keepOnly(args);
    return;
  }
  var row = path;
  var parts = path.split("/");
  if (parts[0] == "person") {
    row = "visitor" + path.substring(7 + parts[1].length, path.length);
    if (ARGUMENTS[row] == undefined) return;
    var place = placeOf(parseInt(parts[1]));
    if (place < 0) return;
    path = "visitor" + (place + 1) + row.substring(7, row.length);
  }
  var names = ARGUMENTS[row];
  if (names == undefined) return;
  show(path, row, names, args);
  if (path == "state") {
    if (args[0] == "ended") forget();
  }
}

function show(path, row, names, args) {
  var first = 0;
  if (COUNTED[row] == 1) {
    // Each event comes three times: only a number above all before it counts.
    if (lastNumbers[path] != undefined) {
      if (args[0] <= lastNumbers[path]) return;
    }
    lastNumbers[path] = args[0];
    first = 1;
  } else if (names.length == 1) {
    local.values.getChild(path).set(args[0]);
    return;
  }
  for (var i = first; i < names.length; i++) {
    local.values.getChild(path + "/" + names[i]).set(args[i]);
  }
  if (first == 1) local.values.getChild(path + "/now").trigger();
}

// The place of a visitor, from 0; -1 while all are taken.
function placeOf(id) {
  for (var i = 0; i < VISITORS; i++) {
    if (places[i] == id) return i;
  }
  for (var k = 0; k < VISITORS; k++) {
    if (places[k] == 0) {
      take(k, id);
      return k;
    }
  }
  return -1;
}

function take(place, id) {
  places[place] = id;
  var visitor = "visitor" + (place + 1);
  local.values.getChild(visitor + "/id").set(id);
  local.values.getChild(visitor + "/here").set(id > 0);
  if (id == 0) local.values.getChild(visitor + "/presence").set(0);
}

// Who is not among these numbers has left.
function keepOnly(ids) {
  for (var i = 0; i < VISITORS; i++) {
    if (places[i] != 0) {
      if (ids.indexOf(places[i]) < 0) take(i, 0);
    }
  }
}

// After the end events count from 1 again, and visitors are numbered anew.
function forget() {
  lastNumbers = {};
  for (var i = 0; i < VISITORS; i++) {
    take(i, 0);
  }
}

function give(name, args) {
  local.send(local.parameters.getChild("prefix").get() + "/" + name, args);
}

function giveText(name, text) {
  if (text == "") give(name, []);
  else give(name, [text]);
}

// 1, 0, or -1: whatever it is not now.
function giveSwitch(name, on) {
  if (on < 0) give(name, []);
  else give(name, [on]);
}

function giveNumber(name, number) {
  give(name, [number]);
}

// A cue or preset by its name, or, without one, by its number.
function givePlace(name, number, text) {
  if (text == "") give(name, [number]);
  else give(name, [text]);
}

function setting(path, value) {
  give("control/" + path, [value]);
}
