package dev.holdfast.redis.client;

/** A call and the key it is about, which decides where it is sent. */
public record Keyed<T>(byte[] key, Call<T> call) {}
