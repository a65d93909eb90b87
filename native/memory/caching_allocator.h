#pragma once

namespace sts {

/**
 * Lets libtorch keep the memory of freed CPU tensors for new ones. Training frees and takes the
 * same sizes in every step; returned to the system, each page would be zeroed and faulted in again,
 * which takes a tenth of the time. What is in use and what is kept are together at most what was
 * lately in use at a time. A second call does nothing.
 */
void UseCachingAllocator();

}  // namespace sts
