#include "checkpoint/files.h"

#include <ATen/Functions.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "environment.h"
#include "interop/errors.h"
#include "interop/values.h"
#include "tensor/handles.h"

namespace sts {
namespace {

struct Location {
  std::string file;
  at::ScalarType dtype;
  std::vector<int64_t> shape;
  std::vector<int64_t> stride;
  int64_t byte_offset;
};

/** An open file that reports every failure with its path. */
class File {
 public:
  File(std::string path, int flags) : path_(std::move(path)) {
    descriptor_ = open(path_.c_str(), flags | O_CLOEXEC, 0666);
    if (path_.find('\0') != std::string::npos) Fail("holds a NUL character");
    if (descriptor_ < 0) Fail("cannot be opened");
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(descriptor_); }

  const std::string& path() const { return path_; }

  void ReadAt(void* data, size_t size, int64_t offset) const {
    auto* bytes = static_cast<char*>(data);
    while (size > 0) {
      const ssize_t count = pread(descriptor_, bytes, std::min(size, kChunk), offset);
      if (count == 0) throw Failure("CHECKPOINT_CORRUPT", path_ + ": the file ends too early.");
      if (count < 0 && errno != EINTR) Fail("cannot be read");
      if (count < 0) continue;
      bytes += count;
      offset += count;
      size -= static_cast<size_t>(count);
    }
  }

  void Write(const void* data, size_t size) const {
    const auto* bytes = static_cast<const char*>(data);
    while (size > 0) {
      const ssize_t count = write(descriptor_, bytes, std::min(size, kChunk));
      if (count < 0 && errno != EINTR) Fail("cannot be written");
      if (count < 0) continue;
      bytes += count;
      size -= static_cast<size_t>(count);
    }
  }

  void Sync() const {
    if (fsync(descriptor_) != 0) Fail("cannot be synced to the disk");
  }

 private:
  static constexpr size_t kChunk = size_t{1} << 30;

  [[noreturn]] void Fail(const char* what) const {
    throw Failure("IO_FAILED", path_ + ": " + what + ": " + std::strerror(errno) + ".");
  }

  std::string path_;
  int descriptor_;
};

Location ToLocation(const Napi::Object& object) {
  Location location{.file = object.Get("file").ToString(),
                    .dtype = ParseDType(object.Get("dtype").ToString()),
                    .shape = ToInt64Vector(object.Get("shape"), "shape"),
                    .stride = ToInt64Vector(object.Get("stride"), "stride"),
                    .byte_offset = object.Get("byteOffset").ToNumber().Int64Value()};
  if (location.shape.size() != location.stride.size()) {
    throw Failure("INVALID_ARGUMENT", "a location's shape and stride are not of one length.");
  }
  return location;
}

/** Reads the elements that the location spans, then lays them out in row-major order. */
at::Tensor ReadTensor(const File& file, const Location& location) {
  int64_t span = 1;
  for (size_t i = 0; i < location.shape.size(); ++i) {
    if (location.shape[i] == 0) return at::empty(location.shape, location.dtype);
    span += (location.shape[i] - 1) * location.stride[i];
  }
  const auto elements = at::empty({span}, location.dtype);
  file.ReadAt(elements.mutable_data_ptr(), elements.nbytes(), location.byte_offset);
  return elements.as_strided(location.shape, location.stride).contiguous();
}

std::vector<at::Tensor> ReadAll(const std::vector<Location>& locations) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(locations.size());
  std::unique_ptr<File> file;
  for (const auto& location : locations) {
    if (!file || file->path() != location.file) {
      file = std::make_unique<File>(location.file, O_RDONLY);
    }
    tensors.push_back(ReadTensor(*file, location));
  }
  return tensors;
}

}  // namespace

Napi::Value ReadTensors(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    const auto array = info[0].As<Napi::Array>();
    std::vector<Location> locations;
    for (uint32_t i = 0; i < array.Length(); ++i) {
      locations.push_back(ToLocation(array.Get(i).As<Napi::Object>()));
    }
    const auto work = [locations = std::move(locations)] { return ReadAll(locations); };
    return Environment::Of(info.Env()).background->Run(info.Env(), work, WrapTensors);
  });
}

Napi::Value WriteTensors(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    const auto header = info[1].As<Napi::Uint8Array>();
    const auto work = [path = info[0].As<Napi::String>().Utf8Value(),
                       bytes =
                           std::vector<uint8_t>(header.Data(), header.Data() + header.ByteLength()),
                       tensors = UnwrapTensors(info[2], "tensors")] {
      const File file(path, O_WRONLY | O_CREAT | O_EXCL);
      file.Write(bytes.data(), bytes.size());
      for (const auto& tensor : tensors) {
        const auto elements = tensor.detach().cpu().contiguous();
        file.Write(elements.const_data_ptr(), elements.nbytes());
      }
      file.Sync();
      return 0;
    };
    const auto to_js = [](Napi::Env env, int) { return env.Undefined(); };
    return Environment::Of(info.Env()).background->Run(info.Env(), work, to_js);
  });
}

}  // namespace sts
