package dev.holdfast.redis;

/** A call and the key it is about, which decides where it is sent. */
record Keyed<T>(byte[] key, Call<T> call) {}
