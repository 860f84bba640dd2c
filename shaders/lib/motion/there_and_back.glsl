// there_and_back: motion's clock for a drift whose pace follows the mood: up to 64 and back again, for ever.
// Needs lib/frame. Range: [0, 64]. Idea: a pace that changes, times a clock that has run for an hour, would race across the picture.
float there_and_back() { return 64.0 - abs(mod(u_phase, 128.0) - 64.0); }
