// A camera's view without its picture: who stands there as dots, and four marks that mouse, finger and arrow keys move.
const MARGIN = 0.05; // of the picture's width, round it and round marks that lie outside
const SEND_MS = 90;
const OWN_MS = 800; // what was moved here is not moved back by an older answer for so long
const FINE = 0.002;
const COARSE = 0.02;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export default {
  template: `
    <svg ref="drawing" :viewBox="viewBox" class="mark-drawing" :class="{ 'mark-open': wants }" role="group"
      aria-label="What the camera sees, as an outline" @click="place">
      <rect x="0" y="0" width="1" :height="aspect" class="mark-picture" />
      <polyline v-for="(line, number) in grid" :key="'line' + number" :points="path(line)" class="mark-grid" />
      <polygon v-if="set.length === 4" :points="path(set)" class="mark-area" :class="{ 'mark-wrong': !grid.length }" />
      <g v-for="(one, number) in people" :key="'person' + number">
        <circle :cx="one.x" :cy="one.y * aspect" r="0.016" class="mark-person" :class="{ 'mark-sure': one.feet }"
          :style="{ fill: one.feet ? colour : 'none', stroke: colour }" />
        <circle v-if="one.still" :cx="one.x" :cy="one.y * aspect" r="0.03" class="mark-still" :style="{ stroke: colour }" />
      </g>
      <template v-for="(mark, number) in shown" :key="'mark' + number">
        <g v-if="mark" class="mark-handle" :class="{ 'mark-chosen': number === chosen }" tabindex="0" role="button"
          :aria-label="spoken(number)" @pointerdown.prevent="take(number, $event)" @pointermove="drag" @pointerup="drop"
          @pointercancel="drop" @click.stop @focus="$emit('chosen', number)" @keydown="key(number, $event)">
          <circle :cx="mark[0]" :cy="mark[1] * aspect" r="0.06" class="mark-reach" />
          <circle :cx="mark[0]" :cy="mark[1] * aspect" r="0.022" class="mark-dot" />
          <text :x="mark[0]" :y="mark[1] * aspect" class="mark-number">{{ number + 1 }}</text>
        </g>
      </template>
    </svg>`,
  props: {
    aspect: Number,
    marks: Array,
    people: Array,
    grid: Array,
    colour: String,
    names: Array,
    chosen: Number,
    camera: String,
    operates: Boolean,
  },
  emits: ["moved", "chosen"],
  data() {
    return { own: null, grip: null, margin: MARGIN }; // own: a mark that was moved here: { camera, number, x, y }
  },
  watch: {
    // Not while a mark is dragged: the view would run away from the finger.
    around: { immediate: true, handler: "fit" },
    grip: "fit",
  },
  unmounted() {
    clearTimeout(this.sending);
    clearTimeout(this.forgetting);
  },
  computed: {
    viewBox() {
      const margin = this.margin;
      return `${-margin} ${-margin} ${1 + 2 * margin} ${this.aspect + 2 * margin}`;
    },
    around() {
      const beyond = this.shown.filter((mark) => mark).flatMap(([x, y]) => [-x, x - 1, -y * this.aspect, (y - 1) * this.aspect]);
      return MARGIN + Math.max(0, ...beyond);
    },
    shown() {
      const own = this.own && this.own.camera === this.camera ? this.own : null;
      return this.marks.map((mark, number) => (own && own.number === number ? [own.x, own.y] : mark));
    },
    set() {
      return this.shown.filter((mark) => mark);
    },
    wants() {
      return this.operates && !this.shown[this.chosen];
    },
  },
  methods: {
    fit() {
      if (!this.grip) this.margin = this.around;
    },
    path(points) {
      return points.map(([x, y]) => `${x},${y * this.aspect}`).join(" ");
    },
    spoken(number) {
      const [x, y] = this.shown[number];
      const at = `${(100 * x).toFixed(1)} % across, ${(100 * y).toFixed(1)} % down`;
      return `Mark ${number + 1}, ${this.names[number]}: ${at}; arrow keys move it`;
    },
    pointer(event) {
      const inverse = this.$refs.drawing.getScreenCTM().inverse();
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(inverse);
      return [point.x, point.y / this.aspect];
    },
    place(event) {
      // A mark that is set already is moved by its own handle alone: no stray press moves it.
      if (this.wants) this.move(this.chosen, ...this.pointer(event));
    },
    take(number, event) {
      event.currentTarget.focus();
      if (!this.operates) return;
      const [px, py] = this.pointer(event);
      const [x, y] = this.shown[number];
      this.grip = { number, dx: x - px, dy: y - py };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    drag(event) {
      if (!this.grip) return;
      const [x, y] = this.pointer(event);
      this.move(this.grip.number, x + this.grip.dx, y + this.grip.dy);
    },
    drop() {
      this.grip = null;
    },
    key(number, event) {
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      const step = event.shiftKey ? COARSE : FINE;
      const [x, y] = this.shown[number];
      this.move(number, x + way[0] * step, y + (way[1] * step) / this.aspect);
    },
    move(number, x, y) {
      if (!this.operates) return;
      const held = (value, margin) => Math.round(1e4 * Math.min(1 + margin, Math.max(-margin, value))) / 1e4;
      const camera = this.camera;
      this.own = { camera, number, x: held(x, this.margin), y: held(y, this.margin / this.aspect) };
      clearTimeout(this.forgetting);
      this.forgetting = setTimeout(this.forget, OWN_MS);
      if (!this.sending) this.sending = setTimeout(this.send, SEND_MS);
    },
    forget() {
      if (this.grip) this.forgetting = setTimeout(this.forget, OWN_MS);
      else this.own = null;
    },
    send() {
      this.sending = null;
      if (this.own) this.$emit("moved", this.own);
    },
  },
};
