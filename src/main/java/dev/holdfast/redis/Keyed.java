package dev.holdfast.redis;

/** A call and the key it is about, which decides the server. */
record Keyed<T>(byte[] key, Call<T> call) {}
