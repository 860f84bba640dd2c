// before: what a fragment file with mainImage finds in front of it; docs/shaders.md describes it for artists.
// Range: none, declarations only. Idea: Shadertoy's names over this piece's own. iChannel0 is a value of its own type,
// so that it can stand for two textures that cross-fade; functions that take a sampler2D take it, for the word means that
// type from here on (samplers of lib/frame can still be read by name).
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/texture/triplanar.glsl"
struct Channel { int number; };
vec4 channel_texture(sampler2D s, vec2 uv) { return texture(s, uv); }
vec4 channel_texture(sampler2D s, vec2 uv, float bias) { return texture(s, uv, bias); }
vec4 channel_lod(sampler2D s, vec2 uv, float lod) { return textureLod(s, uv, lod); }
vec4 channel_texture(Channel c, vec2 uv, float bias) {
    vec4 now = texture(u_texture, uv, bias);
    return u_texture_share < 1.0 ? mix(texture(u_texture_before, uv, bias), now, u_texture_share) : now;
}
vec4 channel_texture(Channel c, vec2 uv) { return channel_texture(c, uv, 0.0); }
vec4 channel_lod(Channel c, vec2 uv, float lod) {
    return mix(textureLod(u_texture_before, uv, lod), textureLod(u_texture, uv, lod), u_texture_share);
}
ivec2 channel_size(sampler2D s, int lod) { return textureSize(s, lod); }
ivec2 channel_size(Channel c, int lod) { return textureSize(u_texture, lod); }
vec4 channel_fetch(sampler2D s, ivec2 at, int lod) { return texelFetch(s, at, lod); }
vec4 channel_fetch(Channel c, ivec2 at, int lod) {
    return channel_lod(c, (vec2(at) + 0.5) / vec2(textureSize(u_texture, lod)), float(lod));
}
const Channel iChannel0 = Channel(0);
vec3 iResolution;
vec4 iMouse;
float iTime, iTimeDelta;
int iFrame;
vec3 iChannelResolution[1];
in vec2 v_uv;
out vec4 f_colour;
#define texture channel_texture
#define textureLod channel_lod
#define textureSize channel_size
#define texelFetch channel_fetch
#define texture2D channel_texture
#define sampler2D Channel
