#pragma once

#include <napi.h>

namespace sts {

/**
 * readTensors(locations): a promise of one handle for each {file, dtype, shape, stride,
 * byteOffset}. JavaScript has checked that every location lies inside its file.
 */
Napi::Value ReadTensors(const Napi::CallbackInfo& info);

/**
 * writeTensors(path, header, tensors): a promise; writes the header's bytes and then the elements
 * of every tensor in row-major order to a new file, and syncs it to the disk.
 */
Napi::Value WriteTensors(const Napi::CallbackInfo& info);

}  // namespace sts
