// What goes out and comes in over OSC. Search and stars are the browser's own; stars survive in its localStorage.
const KEPT = "mien-osc-stars";

function remembered() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(found) ? found.filter((path) => typeof path === "string").slice(0, 500) : [];
  } catch {
    return [];
  }
}

export default {
  template: `
    <div>
      <section class="mien-card" aria-labelledby="osc-out">
        <h2 id="osc-out">Out</h2>
        <div class="mien-row">
          <label class="osc-search">Search
            <input type="search" v-model="search" placeholder="such as valence" autocomplete="off" spellcheck="false">
          </label>
          <button type="button" class="osc-hold" :aria-pressed="held !== null" @click="hold">
            {{ held === null ? 'Hold the values' : 'Go on' }}</button>
          <span class="mien-dim" role="status">{{ summary }}</span>
          <a href="#osc-in" class="osc-jump">What came in</a>
        </div>
        <p v-if="!data" class="mien-dim">The piece has told nothing yet.</p>
        <table v-else class="osc-table">
          <thead><tr><th scope="col"><span class="osc-hidden">Watched</span></th><th scope="col">Address</th>
            <th scope="col">Last value</th><th scope="col" class="osc-rate">Hz</th></tr></thead>
          <tbody>
            <tr v-for="row in rows" :key="row.path" :class="{ 'osc-starred': row.starred }">
              <td><button type="button" class="osc-icon" :aria-pressed="row.starred" :aria-label="'Watch ' + row.full"
                    @click="star(row.path)"><q-icon :name="row.starred ? 'star' : 'star_outline'" size="1.3rem" /></button></td>
              <td class="osc-address"><code>{{ row.full }}</code>
                <button type="button" class="osc-icon" :aria-label="'Copy ' + row.full" @click="copy(row.full)">
                  <q-icon :name="copied === row.full ? 'check' : 'content_copy'" size="1.1rem" /></button></td>
              <td class="osc-value">{{ row.value }}</td>
              <td class="osc-rate osc-hz">{{ row.rate }}</td>
            </tr>
          </tbody>
        </table>
      </section>
      <section class="mien-card" aria-labelledby="osc-in" style="margin-top: 12px">
        <h2 id="osc-in">In</h2>
        <p class="mien-dim" v-if="data">{{ data.heard }} messages since the start, {{ data.refused }} refused.
          {{ data.in.length ? 'The newest stand on top.' : 'Nothing has come in.' }}</p>
        <table v-if="data && data.in.length" class="osc-table">
          <thead><tr><th scope="col">Address</th><th scope="col">Values</th><th scope="col">From</th>
            <th scope="col">Used?</th><th scope="col" class="osc-rate">Ago</th></tr></thead>
          <tbody>
            <tr v-for="one in data.in" :key="one.number">
              <td class="osc-address"><code>{{ one.address || '(no address)' }}</code></td>
              <td class="osc-value">{{ one.args.join('  ') }}</td>
              <td>{{ one.who }}</td>
              <td :class="one.refused ? 'osc-no' : 'osc-yes'">{{ one.refused ? 'refused: ' + one.refused : 'accepted' }}</td>
              <td class="osc-rate">{{ ago(one.age_s) }}</td>
            </tr>
          </tbody>
        </table>
      </section>
      <div class="osc-hidden" role="status">{{ copied ? copied + ' copied' : '' }}</div>
    </div>`,
  data() {
    return { live: null, search: "", stars: remembered(), copied: "", held: null };
  },
  mounted() {
    this.listen = (event) => event.key === KEPT && (this.stars = remembered());
    window.addEventListener("storage", this.listen);
  },
  unmounted() {
    window.removeEventListener("storage", this.listen);
  },
  computed: {
    data() {
      return this.held || this.live;
    },
    rows() {
      const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
      const sent = new Map(this.data.out.map(([path, rate, args]) => [path, { rate, args }]));
      const paths = [...this.stars, ...this.data.out.map(([path]) => path).filter((path) => !this.stars.includes(path))];
      return paths
        .map((path) => this.row(path, sent.get(path)))
        .filter((row) => words.every((word) => row.full.toLowerCase().includes(word)));
    },
    summary() {
      if (!this.data) return "";
      const more = this.data.left_out ? `, ${this.data.left_out} more not shown (visitors who came last)` : "";
      return `${this.rows.length} of ${this.data.out.length} addresses${more}`;
    },
  },
  methods: {
    take(live) {
      this.live = Object.freeze(live);
    },
    row(path, sent) {
      return {
        path,
        full: this.data.prefix + path,
        starred: this.stars.includes(path),
        value: sent ? sent.args.map((value) => this.shown(value)).join("  ") : "not sent",
        rate: !sent || !sent.rate ? "–" : sent.rate >= 10 ? sent.rate.toFixed(0) : sent.rate.toFixed(1),
      };
    },
    shown(value) {
      return typeof value === "number" && !Number.isInteger(value) ? value.toFixed(3) : String(value);
    },
    ago(seconds) {
      return seconds < 60 ? `${seconds.toFixed(0)} s` : seconds < 3600 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
    },
    star(path) {
      this.stars = this.stars.includes(path) ? this.stars.filter((one) => one !== path) : [...this.stars, path];
      try {
        localStorage.setItem(KEPT, JSON.stringify(this.stars));
      } catch {
        // A browser that keeps nothing: the stars hold until the page is left.
      }
    },
    hold() {
      this.held = this.held === null ? this.live : null;
    },
    async copy(text) {
      // navigator.clipboard is there on https and localhost only; a phone in the gallery has neither.
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const field = document.createElement("textarea");
        field.value = text;
        field.style.position = "fixed";
        document.body.appendChild(field);
        field.select();
        document.execCommand("copy");
        field.remove();
      }
      this.copied = text;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.copied = ""), 1500);
    },
  },
};
