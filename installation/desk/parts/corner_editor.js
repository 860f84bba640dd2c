// Screens of the window as a drawing, with corners that mouse, finger and arrow keys move. Places and corners as in config/output.py.
const MARGIN = 0.12; // of the window's width, round it: corners may lie outside
const SEND_MS = 90;
const OWN_MS = 800; // what was moved here is not moved back by an older answer for so long
const NAMES = ["top left", "top right", "bottom right", "bottom left"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function bendsOneWay(corners) {
  return corners.every((_, index) => {
    const [[ax, ay], [bx, by], [cx, cy]] = [0, 1, 2].map((step) => corners[(index + step) % 4]);
    return (bx - ax) * (cy - by) - (by - ay) * (cx - bx) >= 1e-4;
  });
}

export default {
  template: `
    <div>
      <svg ref="drawing" :viewBox="viewBox" class="corner-drawing" role="group" aria-label="Screens in the window">
        <rect x="0" y="0" width="1" :height="aspect" class="corner-window" />
        <g v-for="(screen, number) in screens" :key="number">
          <rect :x="screen.place[0]" :y="screen.place[1] * aspect" :width="screen.place[2]" :height="screen.place[3] * aspect"
            class="corner-place" />
          <polygon :points="points(number)" class="corner-screen" :class="{ 'corner-chosen': number === screenNumber }"
            @pointerdown="choose(number, corner)" />
          <text :x="middle(number)[0]" :y="middle(number)[1]" class="corner-name">{{ screen.name || number + 1 }}</text>
        </g>
        <g v-if="screens[screenNumber]">
          <g v-for="(name, number) in names" :key="number" class="corner-handle" tabindex="0" role="button"
            :class="{ 'corner-held': number === corner }" :aria-label="spoken(number)" :aria-pressed="number === corner"
            @pointerdown.prevent="take(number, $event)" @pointermove="drag" @pointerup="drop" @pointercancel="drop"
            @focus="choose(screenNumber, number)" @keydown="key(number, $event)">
            <circle :cx="at(number)[0]" :cy="at(number)[1]" r="0.06" class="corner-reach" />
            <circle :cx="at(number)[0]" :cy="at(number)[1]" r="0.014" class="corner-dot" />
          </g>
        </g>
      </svg>
      <div class="mien-row corner-bar">
        <fieldset class="corner-steps"><legend>Step</legend>
          <label><input type="radio" :value="1" v-model="pixels"> fine, 1 px</label>
          <label><input type="radio" :value="10" v-model="pixels"> coarse, 10 px</label>
        </fieldset>
        <div class="corner-arrows" role="group" :aria-label="'Move the corner ' + names[corner]">
          <button v-for="(way, name) in ways" :key="name" type="button" :disabled="!operates" :aria-label="name"
            @click="nudge(corner, way[0], way[1], pixels)"><q-icon :name="way[2]" size="1.4rem" /></button>
        </div>
        <span class="corner-where" role="status">{{ where }}</span>
      </div>
    </div>`,
  props: { screens: Array, size: Array, operates: Boolean, screenNumber: Number },
  emits: ["moved", "chosen"],
  data() {
    return {
      names: NAMES,
      ways: {
        "Move left": [-1, 0, "arrow_back"],
        "Move up": [0, -1, "arrow_upward"],
        "Move down": [0, 1, "arrow_downward"],
        "Move right": [1, 0, "arrow_forward"],
      },
      corner: 0,
      pixels: 1,
      own: null, // corners that were moved here: { number, corners }
      grip: null,
    };
  },
  unmounted() {
    clearTimeout(this.sending);
    clearTimeout(this.forgetting);
  },
  computed: {
    aspect() {
      return this.size[1] / this.size[0];
    },
    viewBox() {
      return `${-MARGIN} ${-MARGIN} ${1 + 2 * MARGIN} ${this.aspect + 2 * MARGIN}`;
    },
    where() {
      if (!this.screens[this.screenNumber]) return "";
      const [x, y] = this.corners(this.screenNumber)[this.corner];
      return `${NAMES[this.corner]}: ${(100 * x).toFixed(2)} % across, ${(100 * y).toFixed(2)} % down`;
    },
  },
  methods: {
    corners(number) {
      return this.own && this.own.number === number ? this.own.corners : this.screens[number].corners;
    },
    inWindow(number, [x, y]) {
      const [left, top, width, height] = this.screens[number].place;
      return [left + x * width, (top + y * height) * this.aspect];
    },
    points(number) {
      return this.corners(number).map((corner) => this.inWindow(number, corner).join(",")).join(" ");
    },
    middle(number) {
      const found = this.corners(number).map((corner) => this.inWindow(number, corner));
      return [0, 1].map((axis) => found.reduce((sum, corner) => sum + corner[axis], 0) / 4);
    },
    at(corner) {
      return this.inWindow(this.screenNumber, this.corners(this.screenNumber)[corner]);
    },
    spoken(corner) {
      const [x, y] = this.corners(this.screenNumber)[corner];
      return `${NAMES[corner]} corner, ${(100 * x).toFixed(1)} % across, ${(100 * y).toFixed(1)} % down; arrow keys move it`;
    },
    choose(number, corner) {
      this.corner = corner;
      if (number !== this.screenNumber) this.$emit("chosen", number);
    },
    pointer(event) {
      const inverse = this.$refs.drawing.getScreenCTM().inverse();
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(inverse);
      return [point.x, point.y];
    },
    take(corner, event) {
      this.corner = corner;
      event.currentTarget.focus();
      if (!this.operates) return;
      const [px, py] = this.pointer(event);
      const [x, y] = this.at(corner);
      this.grip = { corner, dx: x - px, dy: y - py };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    drag(event) {
      if (!this.grip) return;
      const [px, py] = this.pointer(event);
      const [left, top, width, height] = this.screens[this.screenNumber].place;
      const x = (px + this.grip.dx - left) / width;
      const y = ((py + this.grip.dy) / this.aspect - top) / height;
      this.move(this.grip.corner, x, y);
    },
    drop() {
      this.grip = null;
    },
    key(corner, event) {
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      this.nudge(corner, way[0], way[1], event.shiftKey ? 10 : this.pixels);
    },
    nudge(corner, right, down, pixels) {
      const [, , width, height] = this.screens[this.screenNumber].place;
      const [x, y] = this.corners(this.screenNumber)[corner];
      this.move(corner, x + (right * pixels) / (width * this.size[0]), y + (down * pixels) / (height * this.size[1]));
    },
    move(corner, x, y) {
      if (!this.operates) return;
      const number = this.screenNumber;
      const held = (value) => Math.round(1e5 * Math.min(2, Math.max(-1, value))) / 1e5;
      const corners = this.corners(number).map((one, index) => (index === corner ? [held(x), held(y)] : [...one]));
      if (!bendsOneWay(corners)) return;
      this.own = { number, corners };
      clearTimeout(this.forgetting);
      this.forgetting = setTimeout(() => (this.own = this.grip ? this.own : null), OWN_MS);
      if (!this.sending) this.sending = setTimeout(this.send, SEND_MS);
    },
    send() {
      this.sending = null;
      if (this.own) this.$emit("moved", this.own);
    },
  },
};
