// Stand-ins for what a module's script has in Chataigne: local, with values and parameters made from module.json.
var sent = [];
var fired = [];

function shortName(name) {
  var words = name.split(/\s+/).filter(function (word) { return word !== ""; });
  return words.map(function (word, at) {
    if (at === 0 && word.toUpperCase() === word) return word.toLowerCase();
    var first = word.charAt(0);
    return (at === 0 ? first.toLowerCase() : first.toUpperCase()) + word.slice(1);
  }).join("");
}

function makeValue(definition, path) {
  var held = definition.type === "String" ? "" : 0;
  if (definition["default"] !== undefined) held = definition["default"];
  return {
    get: function () { return held; },
    set: function (value) {
      // As Controllable::setValueFromScript does: a text is no number.
      if (definition.type === "Trigger") throw new Error(path + " is a trigger");
      if ((typeof value === "string") !== (definition.type === "String")) throw new Error(path + " took " + value);
      held = value;
    },
    trigger: function () {
      if (definition.type !== "Trigger") throw new Error(path + " is no trigger");
      fired.push(path);
    }
  };
}

function makeContainer(definition, path) {
  var children = {};
  for (var name in definition) {
    var child = definition[name];
    if (typeof child !== "object") continue;
    var inner = path === "" ? shortName(name) : path + "/" + shortName(name);
    if (shortName(name) !== name) throw new Error("Chataigne calls " + name + " " + shortName(name));
    children[name] = child.type === "Container" ? makeContainer(child, inner) : makeValue(child, inner);
  }
  return {
    children: children,
    getChild: function (name) {
      var node = this;
      name.split("/").forEach(function (part) {
        if (!node.children || !node.children[part]) throw new Error("there is no " + path + "/" + name);
        node = node.children[part];
      });
      return node;
    }
  };
}

var local = {
  send: function (address, args) { sent.push([address, args]); }
};

function load(module) {
  local.values = makeContainer(module.values, "");
  local.parameters = makeContainer(module.parameters, "");
}

function value(path) {
  return local.values.getChild(path).get();
}
