#pragma once

#include <napi.h>

namespace sts {

/** createEncoder(config, names, tensors): an encoder handle that shares the parameters. */
Napi::Value CreateEncoder(const Napi::CallbackInfo& info);

/** disposeEncoder(encoder): lets go of the parameters, once work in flight is done. */
Napi::Value DisposeEncoder(const Napi::CallbackInfo& info);

/**
 * encode(encoder, batch, generator | null, recompute, gradEnabled, autocast | null, quantised,
 * onlyFirst): a promise of the last hidden state, or of its rows of the first tokens.
 */
Napi::Value Encode(const Napi::CallbackInfo& info);

/** The same, a promise of the hidden states of the embeddings and of every layer. */
Napi::Value EncodeHiddenStates(const Napi::CallbackInfo& info);

}  // namespace sts
