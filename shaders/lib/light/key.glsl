// KEY: where the key light comes from, a unit vector; the same as in light/shade, for vertex shaders.
#ifndef KEY
const vec3 KEY = vec3(-0.4503, 0.6754, 0.5854);
#endif
